#include "sim/worlds/training/arena/arena_arrivals.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::training::arena {

void serve_early(workloads::TrainingWorkload& workload, double round_seconds) {
  if (workload.jobs.empty()) return;
  const double zero = workload.jobs.front().submit_seconds;
  double round = 0;
  for (workloads::TrainingJob& job : workload.jobs) {
    const double own = std::ceil((job.submit_seconds - zero) / round_seconds) - 1;
    round = std::max(round, own);
    job.submit_seconds = round * round_seconds;
  }
  workload.notes.emplace_back(
      "Jobs count as submitted at the start of the round in which they come (arena rules).");
}

}  // namespace orrery::training::arena
