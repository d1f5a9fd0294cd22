// What a world of training jobs needs of its cluster, whichever rules that keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/job_status.hpp"

namespace orrery::training {

/// Counts that are complete only when the run is over.
struct ClusterCounts {
  std::uint64_t submitted = 0, finished = 0, rejected = 0, failed = 0;
  std::uint64_t restarts = 0;  ///< resumes and changes
  std::uint64_t decisions = 0;
  std::uint64_t unproven_programs = 0, given_up_programs = 0;  ///< of SolverRecord
};

class JobLife;
struct Division;

/// A cluster on a platform: it calls policies and tells observers. TrainingCluster is the one with
/// this project's own rules; others drive the same policies by the rules of somebody else.
class Cluster {
 public:
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  virtual ~Cluster();

  void observe(ClusterObserver observer);
  /// Told the wall seconds of every decision; feeds performance records only.
  void observe_decisions(std::function<void(double wall_seconds)> observer);
  /// Schedules what happens first. Then start the platform's outages and run the engine.
  void start();

  bool all_done() const;
  const ClusterCounts& counts() const;
  std::span<const JobStatus> status() const;
  const Division& division() const;

 protected:
  explicit Cluster(std::unique_ptr<JobLife> life);
  std::unique_ptr<JobLife> life_;
};

}  // namespace orrery::training
