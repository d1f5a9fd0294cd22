// Who holds which device: the only truth about it, for all worlds of a platform.
//
// A world registers as a holder, takes GPUs, cores and memory of nodes, and gives them back. It
// chooses among what is free by an index (PlacementState), which the ledger keeps in step with what
// every holder takes and gives, so two worlds can never own one device.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sim/engine/engine.hpp"
#include "sim/platform/placement_state.hpp"

namespace orrery::platform {

struct HolderTag;
/// Who takes devices: one a world.
using HolderId = base::Id<HolderTag>;

/// Cores and memory of one node.
struct NodeRoom {
  NodeId node;
  std::int32_t cores = 0;
  double memory_bytes = 0;
};

class Ledger {
 public:
  /// All devices free, all nodes up. Inventory and engine, whose clock it reads, must outlive it.
  Ledger(const Inventory& inventory, const engine::Engine& engine);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// `name` stands in sentences: a world's name.
  HolderId add_holder(std::string name);
  const std::string& name_of(HolderId holder) const { return holders_[holder.index()].name; }
  std::size_t holders() const { return holders_.size(); }

  /// Free GPUs of `members` (nodes without GPUs among them do not count), kept in step; whole GPUs
  /// that others than `holder` have do not count as up. The reference holds as long as the ledger;
  /// ask for it before anything is taken.
  const PlacementState& index(HolderId holder, std::span<const NodeId> members);
  /// Of all nodes, for nobody in particular.
  const PlacementState& index() const { return *indices_.front().state; }

  /// Takes GPUs; a share without slots gets the lowest free ones, written into it. They must be
  /// free (asserted; see PlacementState::can_take).
  void take(HolderId holder, NodeShare& share);
  void give(HolderId holder, const NodeShare& share);
  /// Takes cores and memory, which must be free (asserted).
  void take(HolderId holder, const NodeRoom& room);
  void give(HolderId holder, const NodeRoom& room);
  bool can_take(const NodeRoom& room) const;
  std::int32_t free_cores(NodeId node) const;
  double free_memory_bytes(NodeId node) const;

  bool is_up(NodeId node) const { return up_[node.index()] != 0; }
  /// A node leaves or comes back; nobody may hold anything of it (asserted).
  void set_up(NodeId node, bool up);

  /// Thousandths of one GPU that a holder has.
  std::int32_t held_milli(HolderId holder, NodeId node, std::int32_t slot) const;
  /// GPUs that a holder has, in thousandths, over all nodes; and on one.
  std::int64_t held_milli(HolderId holder) const { return holders_[holder.index()].milli; }
  std::int64_t held_milli(HolderId holder, NodeId node) const;
  std::int64_t held_cores(HolderId holder) const { return holders_[holder.index()].cores; }
  /// GPUs of a type that others than `holder` have, in thousandths.
  std::int64_t held_by_others_milli(HolderId holder, TypeId type) const;
  /// From now on GPU time of `from` counts as that of `to` (a host holds GPUs for its guest).
  void count_for(HolderId from, HolderId to, std::int64_t milli);
  /// GPU time that a holder has had, and that nodes which were up had in all, both from the first
  /// take until now, or until the last GPU was given back.
  double held_gpu_seconds(HolderId holder) const;
  double available_gpu_seconds() const;
  /// `8 of its 8 GPUs are held by 'train'`: who has what of a node; empty where all is free.
  std::string holding_text(NodeId node) const;

  /// Told whenever a holder gives something of a node back.
  void observe_given(std::function<void(HolderId by, NodeId node)> observer);

  /// What is held twice or lost, as a sentence; empty: nothing. Looks at every device.
  std::string fault() const;

 private:
  struct Holder {
    std::string name;
    std::vector<std::uint16_t> gpu_milli;  // by GPU of the inventory; empty until the first take
    std::vector<std::int32_t> node_cores;  // by node; likewise
    std::vector<double> node_memory_bytes;
    std::int64_t milli = 0;
    std::int64_t cores = 0;
    std::vector<std::int64_t> type_milli;
    std::int64_t time_milli = 0;  // what its GPU time counts: less what it holds for guests
    double gpu_seconds = 0;       // until `since_seconds`
    double since_seconds = 0;
  };
  struct Index {
    HolderId holder;  // none: nobody in particular
    std::unique_ptr<PlacementState> state;
  };

  static bool is_withheld(const Index& index, HolderId holder, const NodeShare& share);
  void record(HolderId holder, const NodeShare& share, std::int32_t sign);
  void count_time(Holder& holder, std::int64_t milli);
  void count_available();
  std::size_t gpu_index(NodeId node, std::int32_t slot) const;
  std::string fault_of(NodeId node) const;

  const Inventory& inventory_;
  const engine::Engine& engine_;
  std::vector<Holder> holders_;
  std::vector<Index> indices_;  // the first has all nodes with GPUs
  std::vector<std::int32_t> free_cores_;
  std::vector<double> free_memory_bytes_;
  std::vector<std::uint8_t> up_;
  std::int64_t up_gpus_ = 0;
  double up_gpu_seconds_ = 0;    // until `up_since_seconds_`, from the first take on
  double idle_gpu_seconds_ = 0;  // of those since nothing is held: counted when something is again
  double up_since_seconds_ = 0;
  std::int64_t held_milli_ = 0;  // by all
  bool taken_ = false;           // anything, ever
  std::vector<std::function<void(HolderId, NodeId)>> observers_;
};

}  // namespace orrery::platform
