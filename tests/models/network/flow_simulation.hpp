// The reference for shared iteration times: every iteration of every job played flow by flow.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/network/traffic.hpp"

namespace orrery::testing {

/// Mean seconds of an iteration of each job while all run beside each other, each alternating its
/// computing with its phases one after the other, max-min shares at every change. Jobs begin their
/// first computing at a random point (by `seed`); the means leave out the first quarter of
/// `seconds`, and count whole iterations only.
std::vector<double> simulated_iteration_seconds(std::span<const models::JobTraffic> jobs,
                                                std::span<const double> capacity, double seconds,
                                                std::uint64_t seed);

}  // namespace orrery::testing
