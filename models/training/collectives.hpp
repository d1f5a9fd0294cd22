// Seconds of a collective by the alpha-beta forms; measured tables stand in collective_table.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orrery::models {

enum class CollectiveOp : std::uint8_t { all_reduce, all_gather, reduce_scatter, all_to_all, send };
constexpr std::size_t kCollectiveOps = 5;

/// `all-reduce` and so on, as measured tables write them.
std::string_view to_string(CollectiveOp op);
std::optional<CollectiveOp> parse_collective(std::string_view text);

/// A link as a collective sees it.
struct LinkCosts {
  double alpha_seconds = 0;     ///< per step of a ring
  double bytes_per_second = 1;  ///< one direction
};

/// Where the ranks of one group stand, and what else uses the same links at the same time.
struct GroupShape {
  int ranks = 1;
  int nodes = 1;             ///< nodes that the group spans; ranks are spread evenly
  int rings_per_node = 1;    ///< groups that leave a node together and share its network card
  int allocation_nodes = 1;  ///< of all groups at work together (a stage), to look up tables
  int allocation_gpus_per_node = 1;
  int stride = 1;  ///< distance of neighbouring ranks, counted node by node

  int ranks_per_node() const { return ranks / nodes; }
  bool operator==(const GroupShape&) const = default;
};

/// Seconds of a ring over k ranks on one link (docs/systems/crius.md, "Cost model"): all-reduce
/// 2(k-1)(alpha + S/(k beta)), all-gather and reduce-scatter half of it, all-to-all
/// (k-1)alpha + S(k-1)/(k beta), send alpha + S/beta. `bytes` S: the whole buffer of a rank, for
/// all-gather the gathered one. 0 for one rank, except send.
double ring_seconds(CollectiveOp op, int ranks, double bytes, const LinkCosts& link);

/// Seconds on two levels: within nodes, across nodes with the card shared by `rings_per_node`, the
/// cheaper of one flat ring at the slower link and the hierarchical form (reduce-scatter in the
/// node, all-reduce across, all-gather in the node).
double alpha_beta_seconds(CollectiveOp op, const GroupShape& group, double bytes,
                          const LinkCosts& in_node, const LinkCosts& across_nodes);

}  // namespace orrery::models
