// Where a job stands: its state, and the progress of the run in hand in closed form.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace orrery::training {

/// future -> pending -> running -> finished, with running -> pending by preemption or failure,
/// running -> failed when a job's retries are used up, and future or pending -> rejected.
enum class JobState : std::uint8_t { future, pending, running, finished, rejected, failed };
std::string_view to_string(JobState state);
/// True for the transitions named above and no other.
bool may_follow(JobState from, JobState to);

/// Work is counted in seconds on the GPUs the job asks for. While it runs it alternates `every`
/// seconds of computing with `write` seconds of writing a checkpoint (none when every is infinite).
struct JobStatus {
  JobState state = JobState::future;
  std::int32_t gpus = 0;             ///< held now
  std::int32_t starts = 0;           ///< first start and resumes
  std::int32_t interruptions = 0;    ///< by node failures
  double submitted_seconds = 0;      ///< once it is no longer future
  double work_left_seconds = 0;      ///< at `progress_from_seconds` when running, else now
  double started_seconds = 0;        ///< of the run in hand: GPUs are held since then
  double progress_from_seconds = 0;  ///< restart is over and work advances from then on
  double finish_seconds = std::numeric_limits<double>::infinity();  ///< of the run in hand
  double speed = 1;  ///< work seconds per second of computing, from `progress_from_seconds` on
  double cycle_from_seconds = 0;      ///< how far into a checkpoint cycle progress went on
  double undurable_work_seconds = 0;  ///< done in this run before, and in no checkpoint yet
  double checkpoint_every_seconds = std::numeric_limits<double>::infinity();
  double checkpoint_write_seconds = 0;
  double attained_gpu_seconds = 0;  ///< by earlier runs
  double held_gpus = 0;             ///< fractional: gpus * milli / 1000

  /// Seconds of computing, without checkpoint writing, until `now` in the run in hand.
  double computed_at(double now) const {
    if (state != JobState::running || now <= progress_from_seconds) return 0;
    const double elapsed = now - progress_from_seconds;
    if (std::isinf(checkpoint_every_seconds)) return elapsed;
    const double into = elapsed + cycle_from_seconds;
    const double cycles = std::floor(into / cycle_seconds());
    return cycles * checkpoint_every_seconds +
           std::min(into - cycles * cycle_seconds(), checkpoint_every_seconds) -
           std::min(cycle_from_seconds, checkpoint_every_seconds);
  }
  double cycle_seconds() const { return checkpoint_every_seconds + checkpoint_write_seconds; }
  double remaining_at(double now) const {
    if (state != JobState::running) return work_left_seconds;
    return std::max(0.0, work_left_seconds - computed_at(now) * speed);
  }
  /// Work that survives a failure at `now`: what was left at the last whole checkpoint.
  double durable_left_at(double now) const {
    const double unsaved = work_left_seconds + undurable_work_seconds;
    if (state != JobState::running || now <= progress_from_seconds ||
        std::isinf(checkpoint_every_seconds))
      return unsaved;
    const double cycles =
        std::floor((now - progress_from_seconds + cycle_from_seconds) / cycle_seconds());
    if (cycles == 0) return unsaved;
    const double computed =
        cycles * checkpoint_every_seconds - std::min(cycle_from_seconds, checkpoint_every_seconds);
    return std::max(0.0, work_left_seconds - computed * speed);
  }
  double attained_at(double now) const {
    if (state != JobState::running) return attained_gpu_seconds;
    return attained_gpu_seconds + (now - started_seconds) * held_gpus;
  }
  /// Wall seconds from `progress_from_seconds` to completion.
  double run_seconds() const {
    const double computing = work_left_seconds / speed;
    if (std::isinf(checkpoint_every_seconds) || computing <= 0) return computing;
    const bool writing = cycle_from_seconds > checkpoint_every_seconds;
    const double since = writing ? 0 : cycle_from_seconds;
    const double rest = writing ? cycle_seconds() - cycle_from_seconds : 0;
    const double writes = std::ceil((computing + since) / checkpoint_every_seconds) - 1;
    return rest + computing + writes * checkpoint_write_seconds;
  }
  /// Goes on at another speed from `now`, at or after `progress_from_seconds`; what was done and
  /// when the next checkpoint is due stay.
  void change_speed(double now, double new_speed) {
    const double left = remaining_at(now);
    undurable_work_seconds = std::max(0.0, durable_left_at(now) - left);
    if (!std::isinf(checkpoint_every_seconds)) {
      const double into = now - progress_from_seconds + cycle_from_seconds;
      cycle_from_seconds = into - std::floor(into / cycle_seconds()) * cycle_seconds();
    }
    work_left_seconds = left;
    progress_from_seconds = now;
    speed = new_speed;
  }
};

}  // namespace orrery::training
