// What a share of the fabric means for jobs that communicate part of the time.
#pragma once

#include <span>
#include <vector>

#include "models/network/traffic.hpp"

namespace orrery::models {

/// `contention: duty|always`.
enum class Contention { duty, always };

std::vector<double> duty_iteration_seconds(std::span<const JobTraffic* const> jobs,
                                           std::span<const double> capacity,
                                           std::span<const double> max_min_rates, int variant, int* rounds);

}  // namespace orrery::models
