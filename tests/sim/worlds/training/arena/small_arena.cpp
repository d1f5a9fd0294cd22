#include "tests/sim/worlds/training/arena/small_arena.hpp"

#include <doctest/doctest.h>

namespace orrery::training::arena::test {

namespace {

class TestSource final : public models::ThroughputSource {
 public:
  explicit TestSource(Speed speed) : speed_(std::move(speed)) {}
  models::Throughput of(const models::TrainingTask&, const models::ThroughputType& type,
                        models::Locality locality) const override {
    const double samples = speed_(type.name, locality);
    if (samples <= 0) return {};
    return models::throughput_of(100 / samples, 100, models::ThroughputOrigin::measured);
  }

 private:
  Speed speed_;
};

class Told final : public training::Policy {
 public:
  explicit Told(Decide decide) : decide_(std::move(decide)) {}
  training::Actions decide(const training::View& view, const training::Delta& delta) override {
    return decide_(view, delta);
  }

 private:
  Decide decide_;
};

/// `make_policy`, where given, makes more of them to find jobs that none could start.
Outcome run(SmallArena& scenario, std::unique_ptr<training::Policy> policy,
            const std::function<std::unique_ptr<training::Policy>()>& make_policy = {}) {
  platform::PlatformConfig platform_config;
  platform_config.nodes = scenario.nodes;
  platform::Platform platform(platform_config, 1);
  const platform::Inventory& inventory = platform.inventory;
  std::vector<models::ThroughputType> types;
  for (const std::string& name : inventory.types) types.push_back({name, 1});
  for (const auto& node : inventory.nodes)
    types[node.type.index()].gpus_per_node =
        std::max(types[node.type.index()].gpus_per_node, node.gpus);
  training::JobThroughputs throughputs;
  throughputs.task_of.assign(scenario.workload.jobs.size(), models::TaskId(0));
  throughputs.run =
      std::make_shared<models::Throughputs>(std::vector<models::TrainingTask>{{"model", 100}},
                                            types, std::make_shared<TestSource>(scenario.speed));
  throughputs.decide = throughputs.run;
  training::set_durations(scenario.workload, throughputs, inventory, 16);
  ArenaCluster world(platform, platform.ledger.add_holder("arena"), scenario.config,
                     scenario.workload, std::move(policy), throughputs);
  if (make_policy) world.reject_unstartable(make_policy);
  Outcome outcome;
  world.observe([&](const training::ClusterEvent& event) {
    using Kind = training::ClusterEvent::Kind;
    if (event.kind == Kind::round_ended) outcome.rounds.push_back(event.value);
    if (event.kind == Kind::finished)
      outcome.finished.emplace_back(event.job.index(), event.seconds);
    if (event.kind == Kind::waits || event.kind == Kind::decided || event.kind == Kind::round_ended)
      return;
    outcome.events.push_back({event.kind,
                              event.seconds,
                              event.job.index(),
                              event.value,
                              event.restart_seconds,
                              {event.placement.begin(), event.placement.end()}});
  });
  world.start();
  platform.engine.run();
  outcome.counts = world.counts();
  outcome.all_done = world.all_done();
  return outcome;
}

}  // namespace

SmallArena& SmallArena::node_group(int count, int gpus_per_node, const std::string& gpu) {
  platform::NodeGroup group;
  group.count = count;
  group.gpu = gpu;
  group.gpus_per_node = gpus_per_node;
  nodes.push_back(group);
  return *this;
}

SmallArena& SmallArena::job(double submit, int gpus, std::int64_t iterations,
                            const std::string& type) {
  workloads::TrainingJob job;
  job.id = "j" + std::to_string(workload.jobs.size());
  job.submit_seconds = submit;
  job.gpus = gpus;
  job.iterations = iterations;
  job.batch_samples = 100;
  job.model = workload.names.intern("model");
  job.gpu_types = workload.names.intern(type);
  workload.jobs.push_back(job);
  return *this;
}

Outcome simulate(SmallArena scenario, const Decide& decide) {
  return run(scenario, std::make_unique<Told>(decide));
}

Outcome simulate(const SmallArena& scenario, const std::string& policy,
                 const std::string& options) {
  const training::PolicyEntry* entry = training::find_policy(policy);
  REQUIRE(entry != nullptr);
  SmallArena copy = scenario;
  const auto make = [&] { return entry->make(base::parse_yaml(options, "options")); };
  return run(copy, make(), make);
}

}  // namespace orrery::training::arena::test
