#include "models/training/collectives.hpp"

#include <algorithm>
#include <array>

namespace orrery::models {

namespace {

constexpr std::array<std::string_view, kCollectiveOps> kNames{
    "all-reduce", "all-gather", "reduce-scatter", "all-to-all", "send"};

LinkCosts shared(const LinkCosts& link, double users) {
  return {link.alpha_seconds, link.bytes_per_second / std::max(1.0, users)};
}

/// Ranks exchange in their node and across nodes; what crosses shares the card.
double two_level_all_to_all(const GroupShape& group, double bytes, const LinkCosts& in_node,
                            const LinkCosts& across_nodes) {
  const double ranks = group.ranks;
  const double local = group.ranks_per_node();
  const double inside = bytes * (local - 1) / ranks;
  const double outside = bytes * (ranks - local) / ranks;
  const double card = across_nodes.bytes_per_second / (local * group.rings_per_node);
  return (ranks - local) * across_nodes.alpha_seconds + (local - 1) * in_node.alpha_seconds +
         inside / in_node.bytes_per_second + outside / card;
}

/// Reduce-scatter in the node, the operation across nodes on the rank's share, all-gather.
double hierarchical(CollectiveOp op, const GroupShape& group, double bytes,
                    const LinkCosts& in_node, const LinkCosts& across_nodes) {
  const int local = group.ranks_per_node();
  const double levels = op == CollectiveOp::all_reduce ? 2 : 1;
  return levels * ring_seconds(CollectiveOp::reduce_scatter, local, bytes, in_node) +
         ring_seconds(op, group.nodes, bytes / local,
                      shared(across_nodes, static_cast<double>(local) * group.rings_per_node));
}

}  // namespace

std::string_view to_string(CollectiveOp op) {
  return kNames[static_cast<std::size_t>(op)];
}

std::optional<CollectiveOp> parse_collective(std::string_view text) {
  const auto* found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<CollectiveOp>(found - kNames.begin());
}

double ring_seconds(CollectiveOp op, int ranks, double bytes, const LinkCosts& link) {
  if (op == CollectiveOp::send) return link.alpha_seconds + bytes / link.bytes_per_second;
  if (ranks <= 1) return 0;
  const double k = ranks;
  const double once = (k - 1) * link.alpha_seconds + bytes * (k - 1) / k / link.bytes_per_second;
  return op == CollectiveOp::all_reduce ? 2 * once : once;
}

double alpha_beta_seconds(CollectiveOp op, const GroupShape& group, double bytes,
                          const LinkCosts& in_node, const LinkCosts& across_nodes) {
  if (group.nodes <= 1) return ring_seconds(op, group.ranks, bytes, in_node);
  const LinkCosts card = shared(across_nodes, group.rings_per_node);
  if (op == CollectiveOp::send) return ring_seconds(op, 2, bytes, card);
  if (op == CollectiveOp::all_to_all)
    return two_level_all_to_all(group, bytes, in_node, across_nodes);
  const LinkCosts slower{std::max(in_node.alpha_seconds, card.alpha_seconds),
                         std::min(in_node.bytes_per_second, card.bytes_per_second)};
  const double flat = ring_seconds(op, group.ranks, bytes, slower);
  if (group.ranks_per_node() <= 1) return flat;
  return std::min(flat, hierarchical(op, group, bytes, in_node, across_nodes));
}

}  // namespace orrery::models
