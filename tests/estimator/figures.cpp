#include "tests/estimator/figures.hpp"

#include <fmt/format.h>

#include <cmath>

namespace orrery::estimator_report {

namespace {

bool every_figure_held = true;

}  // namespace

void Errors::add(double estimated, double measured) {
  percent_.push_back(100 * std::abs(estimated / measured - 1));
}

void Errors::add(const Errors& other) {
  percent_.insert(percent_.end(), other.percent_.begin(), other.percent_.end());
}

std::string to_string(const Errors& errors) {
  return fmt::format("median {:.1f} %, p90 {:.1f} %, mean {:.1f} %, {} rows", errors.median(),
                     errors.p90(), errors.mean(), errors.size());
}

void figure(std::string_view text, std::string_view target, bool holds) {
  fmt::print("crius.estimator: {} ({}){}\n", text, target, holds ? "" : " MISSED");
  every_figure_held = every_figure_held && holds;
}

void state(std::string_view text) {
  fmt::print("crius.estimator: {}\n", text);
}

bool all_hold() {
  return every_figure_held;
}

}  // namespace orrery::estimator_report
