// Ends a run in which no job comes nearer its end, and says what kept them.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/base/numbers.hpp"
#include "sim/worlds/training/job_life.hpp"

namespace orrery::training {

namespace {

std::string number(double value) {
  return base::format_shortest(value);
}

/// The first job in a state.
const JobStatus* first_in(const std::vector<JobStatus>& status, JobState state) {
  const auto found = std::ranges::find(status, state, &JobStatus::state);
  return found == status.end() ? nullptr : &*found;
}

}  // namespace

void JobLife::watch_step(ProgressWatch::Step step) {
  if (open_jobs == 0) return;
  const auto over = counts.finished + counts.rejected + counts.failed;
  watch.count(counts.submitted == over ? ProgressWatch::Step::idle : step);
  if (!watch.due()) return;
  for (const Scheduler& scheduler : division.schedulers)
    for (const JobId job : scheduler.running) watch.reached(job, work_left(job));
  if (watch.stuck())
    throw base::Error({},
                      fmt::format("stopped at {} s: in {} decisions and node failures no job came "
                                  "nearer its end (stuck_after); {}",
                                  number(engine.now_seconds()), watch.decisions(), what_keeps()),
                      base::Fault::run_failed);
  watch.looked();
}

std::string JobLife::what_keeps() const {
  const auto job_of = [this](const JobStatus* s) -> const workloads::TrainingJob& {
    return workload.jobs[static_cast<std::size_t>(s - status.data())];
  };
  if (watch.losses() > 0) {
    const auto most = std::ranges::max_element(status, {}, [](const JobStatus& s) {
      const bool open = s.state == JobState::pending || s.state == JobState::running;
      return open ? s.interruptions : -1;
    });
    const workloads::TrainingJob& job = job_of(&*most);
    return fmt::format(
        "job {} was lost {} times to node failures and never did the {} s of its work between "
        "two: expected checkpoints closer together than its failures ('checkpoint: {{every: 30 "
        "min}}'), 'job_retries', or an earlier end ('stop: {{seconds: N}}')",
        job.id, most->interruptions, number(job.duration_seconds));
  }
  if (const JobStatus* running = first_in(status, JobState::running)) {
    const workloads::TrainingJob& job = job_of(running);
    const double left = work_left(JobId(static_cast<std::size_t>(running - status.data())));
    return fmt::format(
        "job {} runs, was started or moved {} times and has {} s of its {} s of work left: "
        "expected restarts that take less time than the policy lets jobs run (restart_seconds), or "
        "longer rounds (round, wake_every)",
        job.id, running->starts, number(left), number(job.duration_seconds));
  }
  if (const JobStatus* pending = first_in(status, JobState::pending)) {
    const workloads::TrainingJob& job = job_of(pending);
    return fmt::format(
        "job {} waits for {} GPUs since {} s and nothing runs: expected nodes that are up together "
        "for long enough to start it, or an earlier end ('stop: {{seconds: N}}')",
        job.id, job.gpus, number(pending->submitted_seconds));
  }
  if (next_arrival == arrival_order.size())
    return "nothing waits or runs until a job is submitted that is held back after another: "
           "expected fewer node failures until then, or a shorter time between the two";
  return fmt::format(
      "nothing waits or runs, and the next job comes at {} s: expected fewer node failures until "
      "then, or later jobs only ('workload: {{from_seconds: N}}')",
      number(workload.jobs[arrival_order[next_arrival].index()].submit_seconds));
}

}  // namespace orrery::training
