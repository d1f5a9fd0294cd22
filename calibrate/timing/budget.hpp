// How the seconds of a calibration are shared out among its points.
//
// Every point is visited kRounds times, the rounds minutes apart: what else the machine did for a
// while then meets a part of a point's repeats and not all of them (ours).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate {

constexpr int kRounds = 3;
constexpr int kWarmUps = 2;               ///< runs before each visit's first repeat, not counted
constexpr double kLongRunSeconds = 0.02;  ///< one run as long as this is warm-up enough
constexpr int kLeastRepeats = 3;          ///< of a visit
constexpr int kMostRepeats = 40;          ///< undisturbed ones of a visit; more say nothing new
constexpr int kMostWithDisturbed = 120;   ///< of a visit, disturbed ones included

/// Seconds of one visit with `repeats` repeats, from the point's own estimate. Making a point ready
/// is guessed to cost a few of its runs.
double visit_seconds(const CalibrationPoint& point, int repeats);

/// What a visit weighs where the budget is shared out: its seconds with the least repeats, and a
/// while for threads to meet where others keep the processors busy.
double visit_weight(const CalibrationPoint& point);

/// How many of the first points fit into `seconds` in all rounds with the least repeats; at
/// least one where there is any.
std::size_t affordable(std::span<const CalibrationPoint> points, double seconds);

/// The order of a round's visits: their own in the first, so that a budget that runs out
/// leaves out the least important, and one drawn from the seed in later ones.
std::vector<std::size_t> visit_order(std::size_t points, int round, std::uint64_t seed);

/// What a visit may take: its part of the seconds left, by the weights of all visits to come, its
/// own included.
double allowance(double seconds_left, double weight, double weights_to_come);

}  // namespace orrery::calibrate
