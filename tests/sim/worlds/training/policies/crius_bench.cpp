#include "tests/sim/worlds/training/policies/crius_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/policies/crius/settle.hpp"

namespace orrery::test {

using platform::TypeId;
using training::Action;
using training::JobId;
using training::JobState;

namespace {

constexpr std::size_t kTasks = 7;
constexpr std::size_t kJobs = 150;

std::vector<platform::NodeGroup> random_groups(base::RandomStream& random) {
  const std::vector<std::pair<const char*, int>> kinds = {
      {"a100-40g", 4}, {"v100-32g", 16}, {"a40", 2}};
  std::vector<platform::NodeGroup> groups;
  for (const auto& [gpu, gpus] : kinds) {
    platform::NodeGroup group;
    group.gpu = gpu;
    group.gpus_per_node = gpus;
    group.count = 1 + static_cast<int>(random.below(gpus == 16 ? 2 : 6));
    groups.push_back(group);
  }
  return groups;
}

}  // namespace

models::Throughput RandomThroughput::of(const models::TrainingTask& task,
                                        const models::ThroughputType& type,
                                        models::Locality locality) const {
  const std::string name = task.model + type.name + std::to_string(locality.gpus()) + "/" +
                           std::to_string(locality.nodes);
  base::RandomStream random(seed_, name);
  if (random.below(10) == 0) return {};
  const double gpus = locality.gpus();
  const double seconds = (1 + 9 * random.uniform()) * (1 + 0.2 * locality.nodes) / gpus;
  return models::throughput_of(seconds, task.batch_samples, models::ThroughputOrigin::measured);
}

CriusBench::CriusBench(std::uint64_t seed, bool half_without_model) {
  base::RandomStream random(seed, "crius bench");
  inventory_ = platform::make_inventory(random_groups(random), {});
  std::vector<models::TrainingTask> tasks;
  for (std::size_t t = 0; t < kTasks; ++t)
    tasks.push_back({"model" + std::to_string(t), static_cast<std::int64_t>(64 << t)});
  std::vector<platform::NodeId> members;
  for (std::size_t n = 0; n < nodes(); ++n) members.emplace_back(n);
  free_ = platform::PlacementState(inventory_, members);
  std::vector<models::ThroughputType> types;
  for (std::size_t t = 0; t < inventory_.types.size(); ++t)
    types.push_back({inventory_.types[t], free_.largest_node(TypeId(t))});
  source_ = std::make_shared<RandomThroughput>(seed);
  throughputs_ = std::make_unique<models::Throughputs>(tasks, types, source_);
  for (std::size_t j = 0; j < kJobs; ++j) {
    workloads::TrainingJob job;
    job.id = "j" + std::to_string(j);
    const bool plain = half_without_model && random.below(2) == 0;
    const TypeId type(random.below(types.size()));
    job.gpus = plain ? 1 + static_cast<std::int32_t>(random.below(4)) : 1 << random.below(5);
    job.gpus = std::min(job.gpus, free_.up_gpus(type));
    if (!plain)
      job.gpus = static_cast<std::int32_t>(std::bit_floor(static_cast<unsigned>(job.gpus)));
    job.duration_seconds = 100;
    job.iterations = 100;
    task_of_.push_back(plain ? models::TaskId{} : models::TaskId(random.below(kTasks)));
    demand_of_.emplace_back(demands_.size());
    demands_.push_back({job.gpus, 1000, {type}});
    workload_.jobs.push_back(job);
  }
  status_.resize(kJobs);
  placements_.resize(kJobs);
}

training::View CriusBench::view() const {
  training::View view;
  view.jobs = workload_.jobs;
  view.status = status_;
  view.demand_of = demand_of_;
  view.demands = demands_;
  view.nodes = inventory_.nodes;
  view.free = &free_;
  view.placements = placements_;
  view.running = running_;
  view.throughput = throughputs_.get();
  view.task_of = task_of_;
  view.types_are_preferences = true;
  return view;
}

std::vector<JobId> CriusBench::arrive(std::size_t count) {
  std::vector<JobId> arrived;
  for (; count > 0 && next_ < workload_.jobs.size(); --count, ++next_) {
    status_[next_].state = JobState::pending;
    arrived.emplace_back(next_);
  }
  return arrived;
}

void CriusBench::give_up(JobId job) {
  training::give_back(free_, placements_[job.index()]);
  placements_[job.index()].clear();
}

std::vector<JobId> CriusBench::finish_some(base::RandomStream& random, std::uint64_t one_in) {
  std::vector<JobId> finished;
  for (const JobId job : running_)
    if (random.below(one_in) == 0) finished.push_back(job);
  for (const JobId job : finished) {
    give_up(job);
    status_[job.index()].state = JobState::finished;
    std::erase(running_, job);
  }
  return finished;
}

std::vector<JobId> CriusBench::fail(platform::NodeId node) {
  std::vector<JobId> victims;
  for (const JobId job : running_)
    for (const platform::NodeShare& share : placements_[job.index()])
      if (share.node == node) victims.push_back(job);
  for (const JobId job : victims) {
    give_up(job);
    status_[job.index()].state = JobState::pending;
    std::erase(running_, job);
  }
  free_.set_up(node, false);
  return victims;
}

double CriusBench::of(JobId job, TypeId type, models::Locality locality) const {
  const models::TaskId task = task_of_[job.index()];
  if (task.is_none()) return locality.gpus();
  return source_->of(throughputs_->task(task), throughputs_->type(type.index()), locality)
      .samples_per_second;
}

void CriusBench::check_placement(const Action& action) const {
  REQUIRE(!action.placement.empty());
  const TypeId type = training::type_of(action.placement, inventory_);
  for (const platform::NodeShare& share : action.placement) {
    REQUIRE(free_.can_take(share));
    REQUIRE(inventory_.nodes[share.node.index()].type == type);
    if (!task_of_[action.job.index()].is_none())
      REQUIRE(share.gpus == action.placement.front().gpus);
  }
  const std::int32_t gpus = platform::gpus_of(action.placement);
  if (task_of_[action.job.index()].is_none()) {
    REQUIRE(gpus == workload_.jobs[action.job.index()].gpus);
    REQUIRE(type == demands_[action.job.index()].types.front());
  } else {
    REQUIRE(std::has_single_bit(static_cast<unsigned>(gpus)));
    REQUIRE(of(action.job, type, training::locality_of(action.placement)) > 0);
  }
}

void CriusBench::apply(const training::Actions& actions) {
  for (const Action& action : actions.actions) {
    const JobState state = status_[action.job.index()].state;
    if (action.kind == Action::Kind::drop || action.kind == Action::Kind::start)
      REQUIRE(state == JobState::pending);
    else
      REQUIRE(state == JobState::running);
    if (action.kind == Action::Kind::drop) status_[action.job.index()].state = JobState::rejected;
    if (action.kind == Action::Kind::preempt || action.kind == Action::Kind::change)
      give_up(action.job);
    if (action.kind != Action::Kind::preempt) continue;
    status_[action.job.index()].state = JobState::pending;
    std::erase(running_, action.job);
  }
  for (const Action& action : actions.actions) {
    if (action.kind != Action::Kind::start && action.kind != Action::Kind::change) continue;
    check_placement(action);
    placements_[action.job.index()] = action.placement;
    for (platform::NodeShare& share : placements_[action.job.index()]) free_.take(share);
    if (action.kind == Action::Kind::start) {
      running_.push_back(action.job);
      status_[action.job.index()].state = JobState::running;
    }
  }
}

double CriusBench::throughput() const {
  double sum = 0;
  for (const JobId job : running_) {
    const platform::Placement& placement = placements_[job.index()];
    sum += of(job, training::type_of(placement, inventory_), training::locality_of(placement));
  }
  return sum;
}

double CriusBench::throughput(const policies::crius::State& state) const {
  double sum = 0;
  for (std::size_t j = 0; j < workload_.jobs.size(); ++j) {
    const JobId job(j);
    if (!state.slots.runs(job)) continue;
    sum += of(job, TypeId(state.slots.type_of(job)), state.slots.locality(job));
  }
  return sum;
}

void OpenCrius::begin(const training::View& seen, std::span<const JobId> finished) {
  view_ = seen;
  state.begin(view_, {});
  for (const JobId job : finished) state.queue.remove(job);
}

training::Actions OpenCrius::end() {
  policies::crius::settle(state);
  return std::move(state.actions);
}

void warm_up(CriusBench& bench, OpenCrius& crius, base::RandomStream& random, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto finished = bench.finish_some(random, 8);
    const auto arrived = bench.arrive(1 + random.below(4));
    crius.begin(bench.view(), finished);
    if (!finished.empty()) crius.passes.departures(true);
    crius.passes.arrivals(arrived);
    bench.apply(crius.end());
  }
}

}  // namespace orrery::test
