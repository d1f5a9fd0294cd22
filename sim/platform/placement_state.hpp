// Which GPUs are free, indexed so that placing never scans all nodes.
//
// A value: policies copy it to try placements out (a few kilobytes for a thousand nodes), the
// world owns the one that counts. It holds the nodes from its first member to its last, so that
// thousands of virtual clusters side by side take the room of their own nodes.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/platform/node.hpp"

namespace orrery::platform {

/// A whole GPU, in the thousandths that shares are counted in.
inline constexpr std::int32_t kWholeGpuMilli = 1000;

/// GPUs of one node given to one job: `gpus` whole ones, or a share of a single one.
struct NodeShare {
  NodeId node;
  std::int32_t gpus = 0;
  std::int32_t milli = kWholeGpuMilli;  ///< share of each GPU; less only with gpus == 1
  std::uint64_t slots = 0;  ///< which GPUs of the node, bit i = GPU i; 0: not yet chosen

  bool operator==(const NodeShare&) const = default;
};

/// Where a job runs: nodes in the order in which they were chosen.
using Placement = std::vector<NodeShare>;

std::int32_t gpus_of(const Placement& placement);

/// Free GPUs of a set of nodes.
class PlacementState {
 public:
  PlacementState() = default;
  /// All GPUs of `members` free and up; other nodes of the inventory, and those without GPUs, do
  /// not exist here: nothing is free on them, and they are not up.
  PlacementState(const Inventory& inventory, std::span<const NodeId> members);

  /// True for a member that has GPUs, up or not.
  bool contains(NodeId node) const { return covers(node) && gpus_[at(node)] > 0; }
  std::size_t types() const { return per_type_.size(); }
  /// Wholly free GPUs of a type on nodes that are up.
  std::int32_t free_gpus(TypeId type) const { return per_type_[type.index()].free_gpus; }
  std::int32_t free_gpus() const;
  /// GPUs of a type on nodes that are up, free or not, but for those that others hold.
  std::int32_t up_gpus(TypeId type) const { return per_type_[type.index()].up_gpus; }
  std::int32_t up_gpus() const;
  /// Most GPUs on one node of the type that is up; 0: there is none.
  std::int32_t largest_node(TypeId type) const { return per_type_[type.index()].largest_up; }
  /// Nodes of a type that are up and have at least so many GPUs, whoever holds them.
  std::int32_t up_nodes_with(TypeId type, std::int32_t gpus) const;
  std::int32_t free_on(NodeId node) const {
    return covers(node) ? std::popcount(free_[at(node)]) : 0;
  }
  bool is_up(NodeId node) const { return covers(node) && up_[at(node)] != 0; }
  /// Free share of one GPU, in milli (1000: wholly free), 0 when its node is down.
  std::int32_t free_milli(NodeId node, std::int32_t slot) const;

  /// The node with the fewest free GPUs that still has `gpus`, lowest index on ties.
  std::optional<NodeId> fewest_sufficient(TypeId type, std::int32_t gpus) const;
  /// The lowest-indexed node with at least `gpus` free.
  std::optional<NodeId> first_sufficient(TypeId type, std::int32_t gpus) const;
  /// The lowest-indexed node at or after `from` all of whose GPUs are free.
  std::optional<NodeId> next_wholly_free(TypeId type, NodeId from) const;
  /// The node with the most free GPUs, lowest index on ties; nothing when all are full.
  std::optional<NodeId> most_free(TypeId type) const;
  /// The shared GPU with the least free share that still has `milli`; lowest index on ties.
  struct SharedGpu {
    NodeId node;
    std::int32_t slot = 0;
  };
  std::optional<SharedGpu> tightest_shared(TypeId type, std::int32_t milli) const;

  /// True when `take` may be called with this share.
  bool can_take(const NodeShare& share) const;
  /// Takes GPUs; a share without slots gets the lowest free ones, written into it. The GPUs must
  /// be free (asserted).
  void take(NodeShare& share);
  /// Gives back what `take` took.
  void give(const NodeShare& share);

  /// GPUs that were taken belong to somebody else, for whom they are not part of what is up; or
  /// they do no longer, before they are given back.
  void withhold(const NodeShare& share);
  void restore(const NodeShare& share);
  /// Which GPUs of a node others hold, bit i = GPU i.
  std::uint64_t withheld_on(NodeId node) const {
    return withheld_.empty() || !covers(node) ? 0 : withheld_[at(node)];
  }

  /// A node leaves or comes back; all its GPUs must be free.
  void set_up(NodeId node, bool up);

 private:
  struct PerType {
    std::int32_t free_gpus = 0;
    std::int32_t up_gpus = 0;
    std::int32_t largest_node = 0;  // up or not
    std::int32_t largest_up = 0;
    std::uint32_t first_level = 0;  // bitset of nodes with exactly f free GPUs: level first + f
  };
  struct Shared {
    std::uint32_t type;
    std::int32_t free_milli;
    std::uint32_t node;
    std::int32_t slot;
    auto operator<=>(const Shared&) const = default;
  };

  /// Place of a node in the arrays below, which begin with the first member.
  std::size_t at(NodeId node) const { return node.index() - first_node_; }
  bool covers(NodeId node) const { return at(node) < free_.size(); }
  std::optional<NodeId> first_in(const std::uint64_t* bits, std::size_t from = 0) const;
  void refile(NodeId node, std::uint64_t new_free);
  /// Index of a GPU in `share_left_`; `node` is a place.
  std::size_t gpu_index(std::size_t node, std::int32_t slot) const {
    const std::int32_t index = first_gpu_[node] + slot;
    return static_cast<std::size_t>(index);
  }
  void take_shared(NodeShare& share);
  void give_shared(const NodeShare& share);

  std::size_t first_node_ = 0;
  std::size_t words_ = 0;
  std::vector<PerType> per_type_;
  std::vector<std::uint64_t> levels_;
  std::vector<std::int32_t> level_size_;    // nodes in each level, to pass empty ones by
  std::vector<std::int32_t> up_nodes_;      // by level: nodes that are up, by all their GPUs
  std::vector<std::uint64_t> wholly_free_;  // one bitset per type
  std::vector<std::uint64_t> free_;         // per node, bit per wholly free GPU
  std::vector<std::uint64_t> withheld_;     // per node; empty until something was withheld
  std::vector<std::uint8_t> up_;
  std::vector<std::uint8_t> gpus_;  // 0: not a member
  std::vector<std::uint16_t> type_of_;
  std::vector<std::int32_t> first_gpu_;  // and behind the last
  std::vector<Shared> shared_;           // partly used GPUs with something left, sorted
  // Free share of every GPU, kept only once a share was taken; empty for whole-GPU workloads.
  std::vector<std::uint16_t> share_left_;
};

}  // namespace orrery::platform
