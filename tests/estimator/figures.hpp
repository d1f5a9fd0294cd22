// How the report on the estimator prints its figures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/base/statistics.hpp"

namespace orrery::estimator_report {

/// Errors |estimated / measured - 1|, in percent.
class Errors {
 public:
  void add(double estimated, double measured);
  void add(const Errors& other);
  bool empty() const { return percent_.empty(); }
  std::size_t size() const { return percent_.size(); }
  double median() const { return base::median(percent_); }
  double p90() const { return base::quantile(percent_, 0.9); }
  double mean() const { return base::mean(percent_); }

 private:
  std::vector<double> percent_;
};

/// `median 5.8 %, p90 22.9 %, mean 9.6 %, 258 rows`.
std::string to_string(const Errors& errors);

/// A line of the check: `crius.estimator: TEXT (TARGET)`, MISSED behind it where it does not hold.
void figure(std::string_view text, std::string_view target, bool holds);
/// A line without a target.
void state(std::string_view text);
/// Whether every figure so far held.
bool all_hold();

}  // namespace orrery::estimator_report
