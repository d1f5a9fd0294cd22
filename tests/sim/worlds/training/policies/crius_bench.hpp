// Small random clusters of several GPU types, with jobs of random throughputs, driven by hand: what
// the properties of Crius's searches are tested on.
#pragma once

#include <memory>
#include <vector>

#include "models/base/random.hpp"
#include "sim/worlds/training/policies/crius/passes.hpp"

namespace orrery::test {

/// Random seconds per iteration: the more GPUs the faster, mostly; spread shares are slower,
/// mostly; every tenth configuration cannot run.
class RandomThroughput final : public models::ThroughputSource {
 public:
  explicit RandomThroughput(std::uint64_t seed) : seed_(seed) {}
  models::Throughput of(const models::TrainingTask& task, const models::ThroughputType& type,
                        models::Locality locality) const override;

 private:
  std::uint64_t seed_;
};

/// A cluster, its jobs, and who runs where; actions are applied with every check that the world
/// has.
class CriusBench {
 public:
  explicit CriusBench(std::uint64_t seed, bool half_without_model = false);
  CriusBench(const CriusBench&) = delete;
  CriusBench& operator=(const CriusBench&) = delete;

  training::View view() const;
  /// The next `count` jobs become pending.
  std::vector<training::JobId> arrive(std::size_t count);
  /// Some running jobs end.
  std::vector<training::JobId> finish_some(base::RandomStream& random, std::uint64_t one_in);
  /// A node goes down; who ran on it is pending again.
  std::vector<training::JobId> fail(platform::NodeId node);
  void repair(platform::NodeId node) { free_.set_up(node, true); }
  /// Checks and applies: no GPU twice, equal shares, powers of two, one type, a known throughput.
  void apply(const training::Actions& actions);

  /// Throughput of all running jobs by where they are, from the source itself.
  double throughput() const;
  /// The same of a state in the making.
  double throughput(const policies::crius::State& state) const;
  std::size_t nodes() const { return inventory_.nodes.size(); }
  std::size_t jobs_left() const { return workload_.jobs.size() - next_; }
  const std::vector<training::JobId>& running() const { return running_; }

 private:
  double of(training::JobId job, platform::TypeId type, models::Locality locality) const;
  void give_up(training::JobId job);
  void check_placement(const training::Action& action) const;

  platform::Inventory inventory_;
  workloads::TrainingWorkload workload_;
  std::shared_ptr<const RandomThroughput> source_;
  std::unique_ptr<models::Throughputs> throughputs_;
  std::vector<models::TaskId> task_of_;
  std::vector<training::Demand> demands_;
  std::vector<training::DemandId> demand_of_;
  std::vector<training::JobStatus> status_;
  std::vector<platform::Placement> placements_;
  std::vector<training::JobId> running_;
  platform::PlacementState free_;
  std::size_t next_ = 0;
};

/// Crius on the bench, with its inside open: a decision in its steps.
class OpenCrius {
 public:
  explicit OpenCrius(const policies::crius::Options& options) : state(options), passes(state) {}

  /// Begins a decision.
  void begin(const training::View& seen, std::span<const training::JobId> finished);
  /// Ends it: the actions that lead to the state.
  training::Actions end();

  policies::crius::State state;
  policies::crius::Passes passes;

 private:
  training::View view_;
};

/// Fills a bench until jobs are pending: some rounds of arrivals and departures.
void warm_up(CriusBench& bench, OpenCrius& crius, base::RandomStream& random, int rounds = 12);

}  // namespace orrery::test
