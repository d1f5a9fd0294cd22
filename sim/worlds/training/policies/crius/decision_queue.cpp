#include "sim/worlds/training/policies/crius/decision_queue.hpp"

#include <algorithm>

namespace orrery::policies::crius {

std::size_t DecisionQueue::find(JobId job) const {
  const auto at = std::ranges::find(entries_, job, &Entry::job);
  return static_cast<std::size_t>(at - entries_.begin());
}

void DecisionQueue::mark_pending(JobId job) {
  entries_[find(job)].opportunistic = false;
}

void DecisionQueue::remove(JobId job) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.job == job; });
}

bool DecisionQueue::is_blocker(std::size_t i) const {
  return std::any_of(entries_.begin() + static_cast<std::ptrdiff_t>(i), entries_.end(),
                     [](const Entry& entry) { return entry.opportunistic; });
}

void DecisionQueue::behind(std::size_t i, std::vector<JobId>& jobs) const {
  jobs.clear();
  for (std::size_t k = i + 1; k < size(); ++k) {
    if (entries_[k].opportunistic)
      jobs.push_back(entries_[k].job);
    else if (!is_blocker(k))
      return;
  }
}

std::size_t DecisionQueue::first_pending() const {
  const auto at = std::ranges::find(entries_, false, &Entry::opportunistic);
  return static_cast<std::size_t>(at - entries_.begin());
}

std::size_t DecisionQueue::drop_leading_opportunistic() {
  const std::size_t count = first_pending();
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(count));
  return count;
}

}  // namespace orrery::policies::crius
