#include "tests/sim/worlds/training/scenario.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace orrery::test {

Scenario& Scenario::node_group(int count, int gpus_per_node, const std::string& gpu,
                               const std::string& virtual_cluster) {
  platform::NodeGroup group;
  group.count = count;
  group.gpu = gpu;
  group.gpus_per_node = gpus_per_node;
  if (!virtual_cluster.empty()) group.virtual_clusters = {virtual_cluster};
  nodes.push_back(group);
  return *this;
}

Scenario& Scenario::job(double submit, int gpus, double duration, const std::string& types,
                        const std::string& virtual_cluster, int milli) {
  workloads::TrainingJob job;
  job.id = "j" + std::to_string(workload.jobs.size());
  job.submit_seconds = submit;
  job.gpus = gpus;
  job.gpu_milli = milli;
  job.duration_seconds = duration;
  job.gpu_types = workload.names.intern(types);
  job.virtual_cluster = workload.names.intern(virtual_cluster);
  job.line = static_cast<std::uint32_t>(workload.jobs.size() + 2);
  workload.jobs.push_back(job);
  return *this;
}

Scenario& Scenario::training(double submit, int gpus, const std::string& model,
                             std::int64_t iterations, const std::string& types, double deadline) {
  job(submit, gpus, 0, types);
  workloads::TrainingJob& job = workload.jobs.back();
  job.model = workload.names.intern(model);
  job.batch_samples = 1;
  job.iterations = iterations;
  job.deadline_seconds = deadline;
  return *this;
}

Scenario& Scenario::with(const std::string& policy_name, const std::string& policy_options) {
  policy = policy_name;
  options = policy_options;
  return *this;
}

namespace {

class ScenarioThroughput final : public models::ThroughputSource {
 public:
  explicit ScenarioThroughput(IterationSeconds seconds) : seconds_(std::move(seconds)) {}
  models::Throughput of(const models::TrainingTask& task, const models::ThroughputType& type,
                        models::Locality locality) const override {
    return models::throughput_of(seconds_(task.model, type.name, locality), task.batch_samples,
                                 models::ThroughputOrigin::measured);
  }

 private:
  IterationSeconds seconds_;
};

/// One task for each job that is counted in iterations; gives those their durations.
std::optional<training::JobThroughputs> throughputs_of(const Scenario& scenario,
                                                       workloads::TrainingWorkload& workload,
                                                       const platform::Inventory& inventory) {
  if (!scenario.iteration_seconds) return std::nullopt;
  training::JobThroughputs out;
  out.types_are_preferences = !scenario.types_bind;
  std::vector<models::TrainingTask> tasks;
  for (const workloads::TrainingJob& job : workload.jobs) {
    out.task_of.push_back(job.iterations > 0 ? models::TaskId(tasks.size()) : models::TaskId{});
    if (job.iterations > 0)
      tasks.push_back({std::string(workload.names.text(job.model)), job.batch_samples});
  }
  std::vector<models::ThroughputType> types;
  for (const std::string& name : inventory.types) types.push_back({name, 1});
  for (const platform::NodeInfo& node : inventory.nodes)
    types[node.type.index()].gpus_per_node =
        std::max(types[node.type.index()].gpus_per_node, node.gpus);
  out.run = std::make_shared<models::Throughputs>(
      std::move(tasks), std::move(types),
      std::make_shared<ScenarioThroughput>(scenario.iteration_seconds));
  out.decide = out.run;
  training::set_durations(workload, out, inventory, 16);
  return out;
}

/// Follows who holds which GPU, by the events alone.
class Ownership {
 public:
  void see(const training::ClusterEvent& event) {
    using Kind = training::ClusterEvent::Kind;
    REQUIRE(event.seconds >= last_seconds_);
    last_seconds_ = event.seconds;
    if (event.kind == Kind::changed) give(event.old_placement);
    if (event.kind == Kind::started || event.kind == Kind::resumed || event.kind == Kind::changed)
      take(event.placement);
    if (event.kind == Kind::finished || event.kind == Kind::preempted ||
        event.kind == Kind::interrupted || event.kind == Kind::failed)
      give(event.placement);
    // Jobs that change places in one pass tell it one after the other.
    if (event.kind == Kind::decided) REQUIRE(crowded_.empty());
  }

 private:
  void take(std::span<const platform::NodeShare> placement) {
    for (const auto& share : placement) {
      REQUIRE(std::popcount(share.slots) == share.gpus);
      for (int slot = 0; slot < 64; ++slot)
        if ((share.slots >> slot) & 1) {
          int& used = milli_[{share.node.index(), slot}];
          used += share.milli;
          if (used > 1000) crowded_.insert({share.node.index(), slot});
        }
    }
  }
  void give(std::span<const platform::NodeShare> placement) {
    for (const auto& share : placement)
      for (int slot = 0; slot < 64; ++slot)
        if ((share.slots >> slot) & 1) {
          int& used = milli_[{share.node.index(), slot}];
          used -= share.milli;
          REQUIRE(used >= 0);
          if (used <= 1000) crowded_.erase({share.node.index(), slot});
        }
  }

  double last_seconds_ = 0;
  std::map<std::pair<std::size_t, int>, int> milli_;
  std::set<std::pair<std::size_t, int>> crowded_;  // GPUs held twice
};

}  // namespace

double Outcome::held_gpu_seconds() const {
  using Kind = training::ClusterEvent::Kind;
  std::map<std::size_t, std::pair<double, double>> since;  // job: time, GPUs
  double sum = 0;
  const auto gpus = [](const platform::Placement& placement) {
    double held = 0;
    for (const auto& share : placement) held += share.gpus * share.milli / 1000.0;
    return held;
  };
  for (const Seen& event : events) {
    const bool ends = event.kind == Kind::finished || event.kind == Kind::preempted ||
                      event.kind == Kind::interrupted || event.kind == Kind::failed ||
                      event.kind == Kind::changed;
    const bool begins =
        event.kind == Kind::started || event.kind == Kind::resumed || event.kind == Kind::changed;
    if (ends) {
      const auto [from, held] = since.at(event.job);
      sum += (event.seconds - from) * held;
      since.erase(event.job);
    }
    if (begins) since[event.job] = {event.seconds, gpus(event.placement)};
  }
  return sum;
}

Outcome simulate(const Scenario& scenario) {
  training::TrainingClusterConfig config = scenario.config;
  platform::PlatformConfig platform_config = scenario.platform;
  platform_config.nodes = scenario.nodes;
  platform::Platform platform(platform_config, scenario.seed);
  engine::Engine& engine = platform.engine;
  workloads::TrainingWorkload workload = scenario.workload;
  const auto throughputs = scenario.throughputs
                               ? scenario.throughputs
                               : throughputs_of(scenario, workload, platform.inventory);
  auto make_policy = scenario.make_policy;
  if (!make_policy) {
    const training::PolicyEntry* entry = training::find_policy(scenario.policy);
    REQUIRE(entry != nullptr);
    const base::Node options =
        base::parse_yaml(scenario.options.empty() ? "{}" : scenario.options, "options");
    make_policy = [entry, options] { return entry->make(options); };
    config.policy_adapts =
        config.policy_adapts || (entry->traits.adapts && scenario.iteration_seconds);
  }
  training::TrainingCluster world(platform, platform.ledger.add_holder("training"), config,
                                  workload, make_policy, throughputs ? &*throughputs : nullptr);
  Outcome outcome;
  const std::size_t jobs = scenario.workload.jobs.size();
  outcome.start.assign(jobs, -1);
  outcome.finish.assign(jobs, -1);
  Ownership ownership;
  world.observe([&](const training::ClusterEvent& event) {
    using Kind = training::ClusterEvent::Kind;
    ownership.see(event);
    if (event.kind == Kind::decided) return;
    Seen seen;
    seen.kind = event.kind;
    seen.seconds = event.seconds;
    seen.job = event.job.index();
    seen.node = event.node.index();
    seen.reason = event.reason;
    seen.because_of = event.because_of;
    seen.value = event.value;
    seen.restart_seconds = event.restart_seconds;
    seen.speed = event.speed;
    seen.lost_work_seconds = event.lost_work_seconds;
    seen.slowdown = event.slowdown;
    seen.origin = event.origin;
    seen.placement.assign(event.placement.begin(), event.placement.end());
    outcome.events.push_back(seen);
    if (event.kind == Kind::started) outcome.start[event.job.index()] = event.seconds;
    if (event.kind == Kind::finished) outcome.finish[event.job.index()] = event.seconds;
  });
  world.start();
  platform.outages.start();
  if (scenario.horizon_seconds >= 0)
    engine.run(scenario.horizon_seconds);
  else
    engine.run();
  outcome.status.assign(world.status().begin(), world.status().end());
  outcome.counts = world.counts();
  outcome.end_seconds = engine.now_seconds();
  outcome.all_done = world.all_done();
  return outcome;
}

}  // namespace orrery::test
