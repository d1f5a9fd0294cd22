// Tells a run that gets nowhere from one that takes long.
//
// A job comes nearer its end where it has done another hundredth of its work for the first time.
// What happens without that to any job is counted, and a run in which too much of it happens is
// stuck: nothing says that it would ever end. With a bound of N decisions a workload of J jobs so
// ends within about 100 N J of them, whatever its policy does. The rule is ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "workloads/training_job.hpp"

namespace orrery::training {

/// Default of `stuck_after`.
inline constexpr std::int64_t kStuckAfter = 1'000'000;

class ProgressWatch {
 public:
  /// What is counted, each against a bound of its own.
  enum class Step : std::uint8_t {
    idle,      ///< a decision or a node failure while no job waits or runs: a tenth of a step
    decision,  ///< one while jobs wait or run, or a run that the policy ended
    loss,      ///< a run lost to a node failure: a hundred steps
  };

  /// `stuck_after` steps without progress are too many. The jobs must outlive it.
  ProgressWatch(std::span<const workloads::TrainingJob> jobs, std::int64_t stuck_after);

  void count(Step step);
  /// A job came, ended or was given up: counting begins anew.
  void advanced();
  /// So much of a job's work is left: counting begins anew where that is a new hundredth.
  void reached(workloads::JobId job, double work_left_seconds);

  /// Time to say how far running jobs are: they advance without any event.
  bool due() const { return score_ >= next_look_; }
  /// Said how far they are; not due for some time.
  void looked();
  /// Too much has happened without progress. To be asked after all running jobs were told of.
  bool stuck() const { return score_ >= limit_; }

  /// Since the last progress.
  std::uint64_t decisions() const { return decisions_; }
  std::uint64_t losses() const { return losses_; }

 private:
  std::span<const workloads::TrainingJob> jobs_;
  std::vector<std::uint8_t> furthest_;  // hundredths done, by job
  std::uint64_t limit_;
  std::uint64_t score_ = 0;
  std::uint64_t next_look_;
  std::uint64_t decisions_ = 0, losses_ = 0;
};

}  // namespace orrery::training
