// Which shapes to measure for a calibration, from the shapes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/gemm/work.hpp"

namespace orrery::calibrate::gemm::fit {

/// The logarithms of M, N and K, each scaled by its spread among `shapes` (standard deviation; a
/// dimension that never varies is 0), three numbers for each shape.
std::vector<std::vector<double>> log_shapes(const std::vector<models::gemm::GemmShape>& shapes);

/// `count` of `shapes`, as ascending indices, spread over log M, log N and log K.
///
/// The rule, which sees no time: the first is drawn by `seed`; each next one is the shape farthest
/// from all chosen so far (the earliest of equals). This design covers corners first and the inside
/// evenly then. All indices where `count` is no less than their number.
std::vector<std::size_t> spread_points(const std::vector<models::gemm::GemmShape>& shapes,
                                       std::size_t count, std::uint64_t seed);

}  // namespace orrery::calibrate::gemm::fit
