// Weighted max-min shares by progressive filling: the reference that knows nothing of SimGrid.
#pragma once

#include <span>
#include <vector>

#include "models/network/traffic.hpp"

namespace orrery::testing {

/// Bytes per second of each flow: all rates grow together until a link is full; the flows that
/// cross it stay, the others go on. A link crossed k times counts k times.
std::vector<double> max_min_rates(std::span<const double> capacity,
                                  std::span<const std::vector<models::Crossing>* const> flows);

}  // namespace orrery::testing
