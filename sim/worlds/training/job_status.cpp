#include "sim/worlds/training/job_status.hpp"

#include <array>

namespace orrery::training {

std::string_view to_string(JobState state) {
  constexpr std::array<std::string_view, 6> kWords = {"future",   "pending",  "running",
                                                      "finished", "rejected", "failed"};
  return kWords[static_cast<std::size_t>(state)];
}

bool may_follow(JobState from, JobState to) {
  switch (from) {
    case JobState::future:
      return to == JobState::pending || to == JobState::rejected;
    case JobState::pending:
      return to == JobState::running || to == JobState::rejected;
    case JobState::running:
      return to == JobState::pending || to == JobState::finished || to == JobState::failed;
    case JobState::finished:
    case JobState::rejected:
    case JobState::failed:
      return false;
  }
  return false;
}

}  // namespace orrery::training
