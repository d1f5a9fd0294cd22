// What a world of training jobs needs of its cluster, whichever rules that keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/job_status.hpp"

namespace orrery::training {

/// Counts that are complete only when the run is over.
struct ClusterCounts {
  std::uint64_t submitted = 0, finished = 0, rejected = 0, failed = 0;
  std::uint64_t restarts = 0;  ///< resumes and changes
  std::uint64_t decisions = 0;
};

/// A cluster on a platform: it calls policies and tells observers. TrainingCluster is the one with
/// this project's own rules; others drive the same policies by the rules of somebody else.
class Cluster {
 public:
  Cluster() = default;
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  virtual ~Cluster() = default;

  virtual void observe(ClusterObserver observer) = 0;
  /// Told the wall seconds of every decision; feeds performance records only.
  virtual void observe_decisions(std::function<void(double wall_seconds)> observer) = 0;
  /// Schedules what happens first. Then run the engine.
  virtual void start() = 0;

  virtual bool all_done() const = 0;
  virtual const ClusterCounts& counts() const = 0;
  virtual std::span<const JobStatus> status() const = 0;
};

}  // namespace orrery::training
