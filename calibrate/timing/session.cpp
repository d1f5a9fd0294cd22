#include "calibrate/timing/session.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "calibrate/timing/budget.hpp"
#include "calibrate/timing/repeats.hpp"
#include "calibrate/timing/visit.hpp"

namespace orrery::calibrate {

namespace {

/// Clocks tell no more, and raw rows are shorter.
double to_nanoseconds(double seconds) {
  constexpr double kPerSecond = 1e9;
  return std::max(1.0, std::round(seconds * kPerSecond)) / kPerSecond;
}

/// One visit of the schedule, by the index of its point.
struct Visit {
  std::size_t point = 0;
  int round = 1;
};

std::vector<Visit> schedule(std::size_t points, std::uint64_t seed) {
  std::vector<Visit> visits;
  for (int round = 1; round <= kRounds; ++round)
    for (const std::size_t point : visit_order(points, round, seed))
      visits.push_back({point, round});
  return visits;
}

/// What all rounds of these points take where the budget allows every repeat.
double most_seconds(std::span<const CalibrationPoint> points) {
  double seconds = 0;
  for (const CalibrationPoint& point : points)
    seconds += kRounds * visit_seconds(point, kMostRepeats);
  return seconds;
}

class Session {
 public:
  Session(std::vector<RawRow> rows, const SessionSettings& settings, const SessionHooks& hooks)
      : settings_(settings), hooks_(hooks), begun_(hooks.clock()), known_(std::move(rows)) {
    if (!known_.empty()) begun_ -= known_.back().at_seconds;
  }

  SessionResult run(std::span<const KernelPoints> kernels) {
    for (std::size_t k = 0; k < kernels.size(); ++k) {
      later_seconds_ = 0;
      for (const KernelPoints& later : kernels.subspan(k + 1))
        later_seconds_ += most_seconds(later.points);
      measure(kernels[k], (settings_.budget_seconds - time_of_visit()) /
                              static_cast<double>(kernels.size() - k));
    }
    if (next_ != known_.size())
      throw base::Error({},
                        "the partial measurement holds rows that this calibration would not "
                        "have written; --force begins anew");
    result_.elapsed_seconds = hooks_.clock() - begun_;
    mark_slow_visits(result_.rows);
    for (std::size_t k = 0; k < kernels.size(); ++k)
      result_.tallies[k].always_disturbed =
          result_.tallies[k].measured -
          measured_points(*kernels[k].kernel, kernels[k].points, result_.rows).size();
    return std::move(result_);
  }

 private:
  /// Calibration time at which the next visit begins: by the rows and not by the clock, so that a
  /// session that goes on decides as the whole one did.
  double time_of_visit() const { return result_.rows.empty() ? 0 : result_.rows.back().at_seconds; }

  void measure(const KernelPoints& kernel, double budget) {
    KernelTally tally;
    tally.planned = kernel.points.size();
    const double ends = time_of_visit() + budget;
    const std::size_t chosen = affordable(kernel.points, budget);
    double most_to_come = most_seconds(std::span(kernel.points).first(chosen));
    std::vector<bool> has_rows(chosen, false);
    std::vector<bool> skipped(chosen, false);
    double to_come = 0;
    const std::vector<Visit> visits = schedule(chosen, settings_.seed);
    for (const Visit& v : visits) to_come += visit_weight(kernel.points[v.point]);
    for (const Visit& v : visits) {
      const CalibrationPoint& point = kernel.points[v.point];
      const double weight = visit_weight(point);
      const double left = ends - time_of_visit();
      // A point without any repeat is not a point; later rounds only make it better.
      const bool first = &v == &visits.front();
      if (!first && left <= 0) break;
      if (!skipped[v.point] && (v.round == 1 || has_rows[v.point])) {
        report(kernel, point, v.round, most_to_come);
        const auto rows = rows_of_visit(kernel, point, v.round, allowance(left, weight, to_come));
        skipped[v.point] = rows.front().skipped();
        has_rows[v.point] = !skipped[v.point];
        if (skipped[v.point] && tally.why_skipped.empty()) tally.why_skipped = rows.front().note;
      }
      to_come -= weight;
      most_to_come -= visit_seconds(point, kMostRepeats);
    }
    tally.measured = static_cast<std::size_t>(std::count(has_rows.begin(), has_rows.end(), true));
    tally.skipped = static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), true));
    tally.left_out = tally.planned - tally.measured - tally.skipped;
    result_.tallies.push_back(tally);
  }

  /// The rows of the visit, known or measured now, appended to the result.
  std::span<const RawRow> rows_of_visit(const KernelPoints& kernel, const CalibrationPoint& point,
                                        int round, double seconds) {
    const std::size_t first = result_.rows.size();
    if (next_ < known_.size()) {
      take_known(kernel, point, round);
    } else {
      const VisitOutcome outcome = visit(*kernel.kernel, point, {seconds, round == 1}, hooks_.clock,
                                         hooks_.watch, hooks_.stop_requested);
      append(kernel, point, round, outcome);
    }
    const std::span<const RawRow> rows(result_.rows.begin() + static_cast<std::ptrdiff_t>(first),
                                       result_.rows.end());
    return rows;
  }

  void take_known(const KernelPoints& kernel, const CalibrationPoint& point, int round) {
    const std::size_t count = static_cast<std::size_t>(std::max(known_[next_].repeats, 1));
    for (std::size_t i = 0; i < count; ++i, ++next_) {
      const bool ours = next_ < known_.size() && known_[next_].kernel == kernel.kernel->name() &&
                        known_[next_].point == point.id && known_[next_].round == round;
      if (!ours)
        throw base::Error({},
                          "the partial measurement does not follow this calibration's points at "
                          "row " +
                              std::to_string(next_ + 1) + "; --force begins anew");
      result_.rows.push_back(known_[next_]);
    }
  }

  void append(const KernelPoints& kernel, const CalibrationPoint& point, int round,
              const VisitOutcome& outcome) {
    RawRow row;
    row.kernel = kernel.kernel->name();
    row.point = point.id;
    row.variant = point.variant;
    row.features = features_text(point.features);
    row.round = round;
    row.at_seconds = to_nanoseconds(hooks_.clock() - begun_);
    row.seconds = std::numeric_limits<double>::quiet_NaN();
    row.note = outcome.skipped;
    row.repeats = static_cast<int>(outcome.runs.size());
    if (outcome.yardstick_seconds > 0)
      row.yardstick_seconds = to_nanoseconds(outcome.yardstick_seconds);
    const std::size_t first = result_.rows.size();
    if (outcome.runs.empty()) result_.rows.push_back(row);
    for (const TimedRun& run : outcome.runs) {
      ++row.repeat;
      row.seconds = to_nanoseconds(run.seconds);
      row.disturbed = run.disturbed;
      result_.rows.push_back(row);
    }
    hooks_.keep(std::span(result_.rows).subspan(first));
  }

  void report(const KernelPoints& kernel, const CalibrationPoint& point, int round,
              double most_to_come) const {
    if (!hooks_.progress || next_ < known_.size()) return;
    const double elapsed = hooks_.clock() - begun_;
    const double left = std::min(settings_.budget_seconds - elapsed, most_to_come + later_seconds_);
    hooks_.progress(
        {std::string(kernel.kernel->name()), point.id, round, elapsed, std::max(left, 0.0)});
  }

  const SessionSettings& settings_;
  const SessionHooks& hooks_;
  double begun_;  // on the clock, as if the calibration had never stopped
  std::vector<RawRow> known_;
  std::size_t next_ = 0;  // of known_
  SessionResult result_;
  double later_seconds_ = 0;  // of the kernels to come, where the budget allows every repeat
};

}  // namespace

SessionResult run_session(std::span<const KernelPoints> kernels, std::vector<RawRow> rows,
                          const SessionSettings& settings, const SessionHooks& hooks) {
  return Session(std::move(rows), settings, hooks).run(kernels);
}

}  // namespace orrery::calibrate
