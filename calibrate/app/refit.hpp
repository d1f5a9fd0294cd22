// A profile fitted anew to the raw measurements that it ships with.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "calibrate/app/options.hpp"
#include "calibrate/kernels/kernel.hpp"
#include "calibrate/timing/raw_rows.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate::app {

/// The costs that a kernel fits to its rows; `points` as it made them. Throws base::Error naming
/// the kernel where they do not suffice.
std::vector<models::FittedCost> costs_of(const Kernel& kernel,
                                         std::span<const CalibrationPoint> points,
                                         std::span<const RawRow> rows, std::uint64_t seed);

/// Fits the raw measurements beside the profile options.refit by this program's kernels and writes
/// profile and measurements to options.out; what was measured, when and how stays as it was.
/// Returns the summary. Throws base::Error: no such profile, measured on another device than this
/// one (the fit of memory knows this machine's caches), a kernel that this program lacks.
std::string refit(const Options& options);

}  // namespace orrery::calibrate::app
