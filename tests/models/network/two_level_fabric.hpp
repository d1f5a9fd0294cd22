// Random jobs on a two-level fabric: what shares are tried on.
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/traffic.hpp"

namespace orrery::testing {

/// Leaves of nodes; an up and a down link per node, then per leaf, which carries the sum of its
/// nodes over the oversubscription.
struct TwoLevelFabric {
  std::size_t nodes = 256;
  std::size_t per_leaf = 16;
  std::vector<double> capacity;

  TwoLevelFabric(std::size_t nodes, std::size_t per_leaf, double node_rate,
                 double oversubscription);
  /// A ring through the nodes in their order.
  std::vector<models::Crossing> ring(const std::vector<std::size_t>& through) const;
};

/// Up to `jobs` jobs of 2 to 16 nodes, two per node, that communicate 5 to 80 % of their time when
/// alone. `scattered`: on nodes anywhere; else mostly beside each other.
std::vector<models::JobTraffic> random_jobs(const TwoLevelFabric& fabric, std::size_t jobs,
                                            bool scattered, std::uint64_t seed);

}  // namespace orrery::testing
