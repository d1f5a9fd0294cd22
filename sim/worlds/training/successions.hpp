// Jobs that are submitted only when another has ended.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "workloads/training_job.hpp"

namespace orrery::training {

class Successions {
 public:
  explicit Successions(const workloads::TrainingWorkload& workload);

  /// Of a job whose own submit time has come, and which is not submitted then: the job whose end,
  /// or the time after that, has still to come.
  std::optional<workloads::JobId> holds_at_its_time(workloads::JobId job);
  /// The jobs that waited for the end of this one, in order of their numbers. Those that may be
  /// submitted at their own time, which is still to come at `now_seconds`, are let go and not among
  /// them; the others are to be submitted at `seconds`.
  struct Release {
    workloads::JobId job;
    double seconds = 0;
  };
  std::vector<Release> release_after(workloads::JobId ended, double now_seconds);

 private:
  struct Held {
    workloads::JobId job;
    double think_seconds = 0;  // from the end of the other to the submission
    double submit_seconds = 0;
  };

  struct Hold {
    workloads::JobId after;
    bool own_time_has_come = false;
  };

  std::unordered_map<std::size_t, Hold> held_;  // by job
  std::unordered_map<std::size_t, std::vector<Held>> followers_;
};

}  // namespace orrery::training
