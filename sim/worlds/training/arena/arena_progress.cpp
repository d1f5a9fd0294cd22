#include "sim/worlds/training/arena/arena_progress.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::training::arena {

double floor_divide(double dividend, double divisor) {
  const double quotient = (dividend - std::fmod(dividend, divisor)) / divisor;
  const double whole = std::floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

bool ProgressRules::advance(JobProgress& job, double iteration_seconds) const {
  if (quirks_.free_restarts) {
    if (job.debt_seconds > 0) return false;
    job.elapsed_seconds += round_seconds_;
  } else {
    const double paid = std::min(job.debt_seconds, round_seconds_);
    job.debt_seconds -= paid;
    job.elapsed_seconds += round_seconds_ - paid;
  }
  return remaining(job, iteration_seconds) <= 0;
}

double ProgressRules::done(const JobProgress& job, double iteration_seconds) const {
  if (quirks_.revalued_progress) return floor_divide(job.elapsed_seconds, iteration_seconds);
  return job.banked_iterations + job.elapsed_seconds / iteration_seconds;
}

double ProgressRules::remaining(const JobProgress& job, double iteration_seconds) const {
  return std::max(0.0, job.iterations - done(job, iteration_seconds));
}

void ProgressRules::change(JobProgress& job, double iteration_seconds) const {
  if (quirks_.revalued_progress) return;
  job.banked_iterations = done(job, iteration_seconds);
  job.elapsed_seconds = 0;
}

void ProgressRules::suspend(JobProgress& job, double iteration_seconds) const {
  job.iterations = remaining(job, iteration_seconds);
  change(job, iteration_seconds);
  if (!quirks_.suspended_time_counts_twice) {
    job.banked_iterations = 0;
    job.elapsed_seconds = 0;
  }
  job.debt_seconds = 0;
  job.rescheduled = false;
}

void ProgressRules::reschedule(JobProgress& job, double charge_seconds) const {
  job.fresh_charge_seconds = charge_seconds;
  job.rescheduled = true;
}

double ProgressRules::rounds_to_end(const JobProgress& job, double iteration_seconds) const {
  double owed = job.rescheduled ? job.fresh_charge_seconds : job.debt_seconds;
  double skipped = 0;
  if (quirks_.free_restarts) {
    skipped = std::max(0.0, std::ceil(owed / round_seconds_) - 1);
    owed = 0;
  }
  JobProgress later = job;
  const auto is_done = [&](double rounds) {
    later.elapsed_seconds = job.elapsed_seconds + std::max(0.0, rounds * round_seconds_ - owed);
    return remaining(later, iteration_seconds) <= 0;
  };
  // Nearly right by division, then by the very rule that ends it.
  const double seconds = (job.iterations - job.banked_iterations) * iteration_seconds;
  double rounds = std::max(1.0, std::ceil((seconds - job.elapsed_seconds + owed) / round_seconds_));
  while (rounds > 1 && is_done(rounds - 1)) --rounds;
  while (!is_done(rounds)) ++rounds;
  return skipped + rounds;
}

double ProgressRules::settle_round(JobProgress& job) const {
  const auto left = [&](double seconds) { return (round_seconds_ - seconds) / round_seconds_; };
  double part = 1;
  if (job.rescheduled) {
    const double charge = job.fresh_charge_seconds;
    job.rescheduled = false;
    job.debt_seconds = charge;
    if (quirks_.free_restarts && charge <= round_seconds_) {
      part = left(charge);
      job.debt_seconds = 0;
    }
  }
  if (job.debt_seconds <= 0) return part;
  if (!quirks_.free_restarts) return left(std::min(job.debt_seconds, round_seconds_));
  if (job.debt_seconds > round_seconds_) {
    job.debt_seconds -= round_seconds_;
    return 0;
  }
  part *= left(job.debt_seconds);
  job.debt_seconds = 0;
  return part;
}

}  // namespace orrery::training::arena
