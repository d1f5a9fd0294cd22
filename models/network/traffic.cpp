#include "models/network/traffic.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace orrery::models {

double alone_bytes_per_second(const CommunicationPhase& phase, std::span<const double> capacity) {
  assert(!phase.crossings.empty());
  double rate = std::numeric_limits<double>::infinity();
  for (const Crossing& c : phase.crossings) rate = std::min(rate, capacity[c.link] / c.times);
  return rate;
}

double alone_iteration_seconds(const JobTraffic& job, std::span<const double> capacity) {
  double seconds = job.compute_seconds;
  for (const CommunicationPhase& phase : job.phases)
    seconds += phase.bytes / alone_bytes_per_second(phase, capacity);
  return seconds;
}

std::size_t longest_phase(const JobTraffic& job, std::span<const double> capacity) {
  assert(!job.phases.empty());
  std::size_t longest = 0;
  double most = -1;
  for (std::size_t p = 0; p < job.phases.size(); ++p) {
    const double seconds = job.phases[p].bytes / alone_bytes_per_second(job.phases[p], capacity);
    if (seconds > most) {
      most = seconds;
      longest = p;
    }
  }
  return longest;
}

std::vector<Crossing> joined(std::vector<Crossing> crossings) {
  std::sort(crossings.begin(), crossings.end(),
            [](const Crossing& a, const Crossing& b) { return a.link < b.link; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < crossings.size(); ++i) {
    if (kept > 0 && crossings[kept - 1].link == crossings[i].link) {
      crossings[kept - 1].times += crossings[i].times;
    } else {
      crossings[kept++] = crossings[i];
    }
  }
  crossings.resize(kept);
  return crossings;
}

}  // namespace orrery::models
