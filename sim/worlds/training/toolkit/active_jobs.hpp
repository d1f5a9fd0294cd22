// The jobs that a policy has to care for: arrived, and neither finished nor given up.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// Kept by a policy between calls, in order of arrival. Whether a job runs or waits is the view's
/// to tell.
class ActiveJobs {
 public:
  void update(const View& view, const Delta& delta) {
    jobs_.insert(jobs_.end(), delta.arrived.begin(), delta.arrived.end());
    std::erase_if(jobs_, [&](JobId job) {
      const JobState state = view.at(job).state;
      return state != JobState::pending && state != JobState::running;
    });
  }
  /// Forgets a job that the policy gives up.
  void remove(JobId job) { std::erase(jobs_, job); }
  std::span<const JobId> all() const { return jobs_; }

 private:
  std::vector<JobId> jobs_;
};

inline bool is_running(const View& view, JobId job) {
  return view.at(job).state == JobState::running;
}

}  // namespace orrery::training
