// Jobs counted in iterations: what a GPU type, a locality and a change of plan mean for their time.
#include <doctest/doctest.h>

#include "models/throughput/measured_throughput.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using namespace orrery;
using models::ThroughputOrigin;
using platform::NodeId;
using platform::NodeShare;
using platform::Placement;
using test::Outcome;
using test::Scenario;
using test::Seen;
using training::Action;
using training::ClusterEvent;
using workloads::JobId;
using Kind = ClusterEvent::Kind;

namespace {

/// Seconds of one iteration of `fern`: slow 10 s on one GPU, 6 s on two; fast half of it. `reed`
/// runs on the fast type only, in 4 s.
std::shared_ptr<const models::ThroughputTable> table() {
  auto out = std::make_shared<models::ThroughputTable>();
  const models::TrainingTask fern{"fern", 64};
  out->add(fern, "a10", {1, 1}, 10, {});
  out->add(fern, "a10", {1, 2}, 6, {});
  out->add(fern, "a40", {1, 1}, 5, {});
  out->add(fern, "a40", {1, 2}, 3, {});
  out->add({"reed", 64}, "a40", {1, 1}, 4, {});
  return out;
}

/// What is done at given times; between them nothing.
class Script final : public training::Policy {
 public:
  using Steps = std::vector<std::pair<double, std::vector<Action>>>;
  explicit Script(Steps steps) : steps_(std::move(steps)) {}
  training::Actions decide(const training::View& view, const training::Delta&) override {
    training::Actions out;
    if (next_ < steps_.size() && view.now_seconds >= steps_[next_].first) {
      out.actions = steps_[next_].second;
      ++next_;
    }
    if (next_ < steps_.size()) out.wake_at_seconds = steps_[next_].first;
    return out;
  }

 private:
  Steps steps_;
  std::size_t next_ = 0;
};

/// GPUs of one node: node 0 is slow (a10), node 1 fast (a40), two GPUs each.
Placement on(std::size_t node, std::int32_t gpus) {
  NodeShare share;
  share.node = NodeId(node);
  share.gpus = gpus;
  return {share};
}

Action act(Action::Kind kind, std::size_t job, Placement placement = {}) {
  Action action;
  action.kind = kind;
  action.job = JobId(job);
  action.placement = std::move(placement);
  return action;
}

/// Jobs of 60 iterations that ask for one slow GPU, on a slow and a fast node.
Scenario jobs(std::initializer_list<const char*> models, Script::Steps steps) {
  Scenario scenario;
  scenario.node_group(1, 2, "a10").node_group(1, 2, "a40");
  std::vector<models::TrainingTask> tasks;
  training::JobThroughputs throughputs;
  for (const char* model : models) {
    scenario.job(0, 1, 0, "a10");
    workloads::TrainingJob& job = scenario.workload.jobs.back();
    job.model = scenario.workload.names.intern(model);
    job.iterations = 60;
    job.batch_samples = 64;
    throughputs.task_of.emplace_back(tasks.size());
    tasks.push_back({model, 64});
  }
  throughputs.run = std::make_shared<models::Throughputs>(
      tasks, std::vector<models::ThroughputType>{{"a10", 2}, {"a40", 2}},
      std::make_shared<models::MeasuredThroughput>(table(), models::MeasuredRules{}));
  throughputs.decide = throughputs.run;
  scenario.config.policy_adapts = true;
  scenario.make_policy = [steps = std::move(steps)] { return std::make_unique<Script>(steps); };
  scenario.throughputs = throughputs;
  const auto inventory = platform::make_inventory(scenario.nodes, {});
  training::set_durations(scenario.workload, *scenario.throughputs, inventory, 4);
  return scenario;
}

const Seen& first(const Outcome& outcome, Kind kind) {
  for (const Seen& seen : outcome.events)
    if (seen.kind == kind) return seen;
  FAIL("no such event");
  return outcome.events.front();
}

training::CostByGpus flat(double seconds) {
  training::CostByGpus cost;
  cost.more = seconds;
  return cost;
}

constexpr auto kStart = Action::Kind::start;
constexpr auto kChange = Action::Kind::change;
constexpr auto kPreempt = Action::Kind::preempt;

}  // namespace

TEST_CASE("a job of I iterations takes I times the iteration time of where it runs") {
  const Outcome slow = simulate(jobs({"fern"}, {{0, {act(kStart, 0, on(0, 1))}}}));
  CHECK(slow.finish[0] == 600);
  CHECK(first(slow, Kind::started).speed == 1);
  const Outcome fast = simulate(jobs({"fern"}, {{0, {act(kStart, 0, on(1, 1))}}}));
  CHECK(fast.finish[0] == 300);  // twice as fast: half the time
  CHECK(first(fast, Kind::started).speed == 2);
  CHECK(first(fast, Kind::started).origin == ThroughputOrigin::measured);
  // Two GPUs are not twice as fast: 6 s, not 5.
  CHECK(simulate(jobs({"fern"}, {{0, {act(kStart, 0, on(0, 2))}}})).finish[0] == 360);
}

TEST_CASE("a job that moves half-way keeps its iterations") {
  // 300 s on the slow GPU are 30 of 60 iterations; the rest takes 150 s on the fast one.
  const Outcome moved = simulate(
      jobs({"fern"}, {{0, {act(kStart, 0, on(0, 1))}}, {300, {act(kChange, 0, on(1, 1))}}}));
  CHECK(moved.finish[0] == 450);
  CHECK(moved.counts.restarts == 1);
  // Grown in place instead: 30 iterations of 6 s.
  const Outcome grown = simulate(
      jobs({"fern"}, {{0, {act(kStart, 0, on(0, 1))}}, {300, {act(kChange, 0, on(0, 2))}}}));
  CHECK(grown.finish[0] == 480);
}

TEST_CASE("jobs change places in one pass") {
  const Outcome swapped = simulate(
      jobs({"fern", "fern"}, {{0, {act(kStart, 0, on(0, 2)), act(kStart, 1, on(1, 2))}},
                              {90, {act(kChange, 0, on(1, 2)), act(kChange, 1, on(0, 2))}}}));
  // 90 s are 15 iterations on the slow node and 30 on the fast one.
  CHECK(swapped.finish[0] == 90 + 45 * 3);
  CHECK(swapped.finish[1] == 90 + 30 * 6);
  CHECK(swapped.counts.restarts == 2);
}

TEST_CASE("a job whose model cannot run on what it asks for is counted on what can") {
  const Outcome outcome = simulate(jobs({"reed"}, {{0, {act(kStart, 0, on(1, 1))}}}));
  CHECK(outcome.finish[0] == 240);
  CHECK_THROWS_AS(simulate(jobs({"reed"}, {{0, {act(kStart, 0, on(0, 1))}}})), base::Error);
}

TEST_CASE("a job without a feasible plan on any type stops the run or is rejected") {
  Scenario scenario = jobs({"moss", "fern"}, {{0, {act(kStart, 1, on(0, 1))}}});
  scenario.config.policy_adapts = false;
  CHECK_THROWS_AS(simulate(scenario), base::Error);
  scenario.config.on_oversized_job = training::OversizedJob::reject;
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.counts.rejected == 1);
  CHECK(outcome.start == std::vector<double>{-1, 0});
  CHECK(outcome.finish[1] == 600);
}

TEST_CASE("a policy may give a pending job up, which then counts as rejected") {
  const Outcome outcome = simulate(
      jobs({"fern", "fern"}, {{0, {act(kStart, 0, on(0, 1)), act(Action::Kind::drop, 1)}}}));
  CHECK(outcome.counts.rejected == 1);
  CHECK(outcome.counts.finished == 1);
  CHECK(outcome.start[1] == -1);
  CHECK(outcome.all_done);
}

TEST_CASE("plan changes: who pays what when") {
  training::PlanChangeCosts costs;
  costs.search = flat(1);
  costs.compile = flat(10);
  costs.checkpoint = flat(100);
  costs.profile = flat(1000);
  costs.launch = flat(10000);
  const auto run = [&](bool keep_plans) {
    Scenario scenario = jobs({"fern"}, {{0, {act(kStart, 0, on(0, 1))}},
                                        {20000, {act(kChange, 0, on(1, 1))}},
                                        {40000, {act(kPreempt, 0)}},
                                        {40001, {act(kStart, 0, on(1, 1))}},
                                        {60001, {act(kChange, 0, on(0, 1))}}});
    scenario.workload.jobs[0].iterations = 10000;  // long enough to be changed four times
    scenario.workload.jobs[0].duration_seconds = 100000;
    scenario.config.restart = flat(0.5);
    scenario.config.plan_change = costs;
    scenario.config.plan_change.keep_plans = keep_plans;
    std::vector<double> paid;
    for (const Seen& seen : simulate(scenario).events)
      if (seen.kind == Kind::started || seen.kind == Kind::resumed || seen.kind == Kind::changed)
        paid.push_back(seen.restart_seconds);
    return paid;
  };
  // First start: profile, search, compile. Another type: checkpoint, restart, search, compile. The
  // same plan again: checkpoint and restart. Back to a plan that was searched: compiled anew.
  CHECK(run(true) == std::vector<double>{11011, 10111.5, 10100.5, 10110.5});
  CHECK(run(false) == std::vector<double>{11011, 10111.5, 10101.5, 10111.5});
}

TEST_CASE("a cost by GPU count is a table or a line with a ceiling") {
  const auto read = [](const char* yaml) {
    return training::read_cost_by_gpus(base::parse_yaml(yaml, "costs"));
  };
  const auto table = read("{8: 30, 1: 7, more: 60}");
  CHECK(table.seconds(1) == 7);
  CHECK(table.seconds(2) == 30);
  CHECK(table.seconds(8) == 30);
  CHECK(table.seconds(9) == 60);
  const auto line = read("{per_gpu: 10, at_most: 40}");
  CHECK(line.seconds(1) == 10);
  CHECK(line.seconds(4) == 40);
  CHECK(line.seconds(16) == 40);
  CHECK(read("{more: 5}").seconds(3) == 5);
  for (const char* bad : {"{per_gpu: 10, 1: 7}", "{at_most: 40}", "{1: 7}", "{1: 7, 1: 8, more: 9}",
                          "{0: 7, more: 9}", "{1: -7, more: 9}", "{per_gpu: nan}", "7", "{x: 1}"})
    CHECK_THROWS_AS(read(bad), base::Error);
}

TEST_CASE("iterations that last longer than time does are refused") {
  Scenario scenario;
  scenario.node_group(1, 1);
  scenario.iteration_seconds = [](const std::string&, const std::string&, models::Locality) {
    return 2.0;
  };
  const auto with = [&](std::int64_t iterations) {
    return Scenario(scenario).training(0, 1, "fern", iterations);
  };
  CHECK_THROWS_WITH_AS(simulate(with(600'000'000'000)),
                       doctest::Contains("job j0 has 600000000000 iterations of 2 s each, expected "
                                         "at most 1e12 s in all"),
                       base::Error);
  CHECK(simulate(with(500'000'000'000)).finish[0] == 1e12);
}

TEST_CASE("a placement that names a node twice is refused") {
  auto twice = on(0, 1);
  twice.push_back(twice.front());
  CHECK_THROWS_WITH_AS(simulate(jobs({"fern"}, {{0, {act(kStart, 0, twice)}}})),
                       doctest::Contains("gave GPUs that are not free to job"), base::Error);
}

TEST_CASE("a policy that moves a job before its restart is over, for ever, is stopped") {
  /// Moves its only job every ten seconds to the other node.
  class Restless final : public training::Policy {
   public:
    training::Actions decide(const training::View& view, const training::Delta&) override {
      training::Actions out;
      if (view.status[0].state == training::JobState::finished || moves_ == most_) return out;
      out.actions.push_back(act(moves_ == 0 ? kStart : kChange, 0, on(moves_ % 2, 1)));
      if (++moves_ < most_) out.wake_at_seconds = view.now_seconds + 10;
      return out;
    }
    explicit Restless(std::size_t most) : most_(most) {}

   private:
    std::size_t most_;
    std::size_t moves_ = 0;
  };
  const auto restless = [](double restart_seconds, std::size_t most) {
    Scenario scenario = jobs({"fern"}, {});
    scenario.config.restart = flat(restart_seconds);
    scenario.config.stuck_after = 10'000;
    scenario.make_policy = [most] { return std::make_unique<Restless>(most); };
    return scenario;
  };
  CHECK_THROWS_WITH_AS(simulate(restless(20, 1'000'000)),
                       doctest::Contains("restarts that take less time"), base::Error);
  // Each move leaves a second to work in, or the moves come to an end: the job finishes.
  CHECK(simulate(restless(9, 1'000'000)).counts.finished == 1);
  CHECK(simulate(restless(20, 1000)).counts.finished == 1);
}
