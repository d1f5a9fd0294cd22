// What the jobs of Slurm's accounting say and the simulator takes otherwise, in sentences.
#include "traces/sacct_jobs.hpp"

namespace orrery::traces {

namespace {

/// `Dependency 2, Licenses 1, others 3`: the first of them by name.
std::string reason_list(const std::map<std::string, std::uint64_t, std::less<>>& reasons) {
  constexpr std::size_t kNamed = 8;
  std::string list;
  std::uint64_t others = 0;
  std::size_t named = 0;
  for (const auto& [reason, jobs] : reasons) {
    if (jobs == 0) continue;  // all of them were left out in the end
    if (named++ >= kNamed)
      others += jobs;
    else
      list += (list.empty() ? "" : ", ") + reason + ' ' + std::to_string(jobs);
  }
  if (others > 0) list += ", others " + std::to_string(others);
  return list;
}

}  // namespace

/// Counted at the end, because a job may be left out for a part that stands far below.
void SacctJobs::note_kept_jobs() {
  std::uint64_t eligible_later = 0, contradictory_times = 0, several_types = 0;
  for (const Run& run : runs_) {
    if (run.dropped) continue;
    eligible_later += run.eligible_later ? 1 : 0;
    contradictory_times += run.contradictory_times ? 1 : 0;
    several_types += run.several_types ? 1 : 0;
    if (run.waited_for) ++*run.waited_for;
  }
  if (eligible_later > 0)
    builder_.note(
        "jobs that became eligible after they were submitted (dependencies, begin times, "
        "limits, which are not modelled): " +
        std::to_string(eligible_later) + "; with 'eligible: true' they count as submitted then");
  if (contradictory_times > 0)
    builder_.note(
        "jobs whose times contradict each other (a start before the submission, or Elapsed longer "
        "than from Start to End), taken by Submit and Elapsed: " +
        std::to_string(contradictory_times));
  if (several_types > 0)
    builder_.note(
        "jobs on GPUs of several types (gres/gpu:a100=4,gres/gpu:t4=2), where the whole job may "
        "run on any of them: " +
        std::to_string(several_types));
  const std::string reasons = reason_list(reasons_);
  if (!reasons.empty())
    builder_.note("jobs that waited for what is not modelled (column Reason): " + reasons);
}

void SacctJobs::note_counts() {
  note_kept_jobs();
  if (links_ > 0)
    builder_.note(
        "runs that go on with a job of the same id (requeued or resized; here a resized "
        "job gives its GPUs up first), each held back until the one before has ended: " +
        std::to_string(links_));
  if (overlaps_ > 0)
    builder_.note(
        "runs of one id at the same time, taken for jobs of their own (are clusters "
        "mixed, without the column Cluster?): " +
        std::to_string(overlaps_));
  if (mixed_types_ > 0)
    builder_.note(
        "parts of heterogeneous jobs that ask for other GPU types than the rest, where "
        "the whole job may run on any of them: " +
        std::to_string(mixed_types_));
}

}  // namespace orrery::traces
