#include "models/network/contention.hpp"

#include <cassert>

namespace orrery::models {

namespace {

std::vector<double> always_iteration_seconds(std::span<const SharedJob> jobs,
                                             std::span<const double> capacity) {
  std::vector<double> seconds;
  seconds.reserve(jobs.size());
  for (const SharedJob& job : jobs) {
    const JobTraffic& traffic = *job.traffic;
    const CommunicationPhase& longest = traffic.phases[longest_phase(traffic, capacity)];
    const double part = job.max_min_rate / alone_bytes_per_second(longest, capacity);
    double sum = traffic.compute_seconds;
    for (const CommunicationPhase& phase : traffic.phases)
      sum += phase.bytes / (alone_bytes_per_second(phase, capacity) * part);
    seconds.push_back(sum);
  }
  return seconds;
}

}  // namespace

std::vector<double> shared_iteration_seconds(Contention contention, std::span<const SharedJob> jobs,
                                             std::span<const double> capacity) {
  return contention == Contention::duty ? duty_iteration_seconds(jobs, capacity)
                                        : always_iteration_seconds(jobs, capacity);
}

}  // namespace orrery::models
