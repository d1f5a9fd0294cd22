#include "sim/worlds/training/successions.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace orrery::training {

using workloads::JobId;

Successions::Successions(const workloads::TrainingWorkload& workload) {
  if (workload.successions.empty()) return;
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t j = 0; j < workload.jobs.size(); ++j) index.emplace(workload.jobs[j].id, j);
  for (const workloads::Succession& s : workload.successions) {
    const auto job = index.find(workload.names.text(s.job));
    const auto other = index.find(workload.names.text(s.after));
    if (job == index.end() || other == index.end()) continue;
    held_.emplace(job->second, Hold{JobId(other->second)});
    followers_[other->second].push_back(
        {JobId(job->second), s.think_seconds, workload.jobs[job->second].submit_seconds});
  }
  for (auto& [other, followers] : followers_) std::ranges::sort(followers, {}, &Held::job);
}

std::optional<JobId> Successions::holds_at_its_time(JobId job) {
  if (held_.empty()) return std::nullopt;
  const auto found = held_.find(job.index());
  if (found == held_.end()) return std::nullopt;
  found->second.own_time_has_come = true;
  return found->second.after;
}

std::vector<Successions::Release> Successions::release_after(JobId ended, double now_seconds) {
  const auto found = followers_.find(ended.index());
  if (found == followers_.end()) return {};
  std::vector<Release> released;
  for (const Held& held : found->second) {
    const double seconds = now_seconds + held.think_seconds;
    const bool own_time_has_come = held_.at(held.job.index()).own_time_has_come;
    if (!own_time_has_come && seconds <= held.submit_seconds)
      held_.erase(held.job.index());
    else
      released.push_back({held.job, std::max(seconds, held.submit_seconds)});
  }
  followers_.erase(found);
  return released;
}

}  // namespace orrery::training
