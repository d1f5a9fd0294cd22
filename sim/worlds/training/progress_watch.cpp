#include "sim/worlds/training/progress_watch.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::training {

namespace {

// In tenths of a step.
constexpr std::uint64_t kIdle = 1;
constexpr std::uint64_t kDecision = 10;
constexpr std::uint64_t kLoss = 1000;

// Looks at running jobs before a run counts as stuck: each costs a step over all of them.
constexpr std::uint64_t kLooks = 10;

}  // namespace

ProgressWatch::ProgressWatch(std::span<const workloads::TrainingJob> jobs, std::int64_t stuck_after)
    : jobs_(jobs),
      furthest_(jobs.size(), 0),
      limit_(static_cast<std::uint64_t>(stuck_after) * kDecision),
      next_look_(limit_ / kLooks) {}

void ProgressWatch::count(Step step) {
  switch (step) {
    case Step::idle:
      score_ += kIdle;
      break;
    case Step::decision:
      score_ += kDecision;
      break;
    case Step::loss:
      score_ += kLoss;
      ++losses_;
      return;
  }
  ++decisions_;
}

void ProgressWatch::advanced() {
  score_ = 0;
  next_look_ = limit_ / kLooks;
  decisions_ = 0;
  losses_ = 0;
}

void ProgressWatch::reached(workloads::JobId job, double work_left_seconds) {
  const double whole = jobs_[job.index()].duration_seconds;
  if (!(whole > 0) || std::isinf(whole)) return;  // a replica of a service has no end
  const double part = std::clamp((whole - work_left_seconds) / whole, 0.0, 1.0);
  const auto hundredths = static_cast<std::uint8_t>(part * 100);
  if (hundredths <= furthest_[job.index()]) return;
  furthest_[job.index()] = hundredths;
  advanced();
}

void ProgressWatch::looked() {
  next_look_ = score_ + limit_ / kLooks;
}

}  // namespace orrery::training
