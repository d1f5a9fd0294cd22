// What every policy promises while nodes are down: nothing idles only because of them.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/base/random.hpp"
#include "sim/worlds/training/placement.hpp"
#include "tests/sim/worlds/training/outage_file.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

namespace orrery::test {
namespace {

using base::RandomStream;
using training::Reason;
using Kind = training::ClusterEvent::Kind;

/// A policy and its options as YAML.
struct Choice {
  std::string policy;
  std::string options;
};

/// Every policy with its defaults and with each word of each of its options.
std::vector<Choice> choices() {
  std::vector<Choice> all;
  for (const auto* policy : training::policies()) {
    all.push_back({policy->name, "{}"});
    for (const auto& parameter : policy->options.parameters) {
      const bool is_flag = parameter.type == "boolean";
      const std::vector<std::string> flags = {"true", "false"};
      for (const std::string& word : is_flag ? flags : parameter.choices) {
        std::string options = parameter.key + ": " + word;
        if (word == "exclusive") options += ", objective: max_total_throughput";
        if (word == "in_order")
          options += ", mechanism: exclusive, objective: max_total_throughput";
        all.push_back({policy->name, "{" + options + "}"});
      }
    }
  }
  return all;
}

/// Fails where a decision leaves the whole cluster idle though a job that waits would fit.
class NeverIdle final : public training::Policy {
 public:
  explicit NeverIdle(std::unique_ptr<training::Policy> policy) : policy_(std::move(policy)) {}

  training::Actions decide(const training::View& view, const training::Delta& delta) override {
    training::Actions actions = policy_->decide(view, delta);
    std::vector<training::JobState> state;
    for (const training::JobStatus& status : view.status) state.push_back(status.state);
    for (const training::Action& action : actions.actions) {
      using Do = training::Action::Kind;
      if (action.kind == Do::start) state[action.job.index()] = training::JobState::running;
      if (action.kind == Do::preempt) state[action.job.index()] = training::JobState::pending;
      if (action.kind == Do::drop) state[action.job.index()] = training::JobState::rejected;
    }
    if (std::ranges::count(state, training::JobState::running) > 0) return actions;
    platform::PlacementState free = *view.free;
    for (const training::JobId job : view.running)
      training::give_back(free, view.placements[job.index()]);
    for (std::size_t j = 0; j < state.size(); ++j) {
      if (state[j] != training::JobState::pending) continue;
      const training::Demand& demand = view.demand(training::JobId(j));
      if (!training::place(free, demand, training::PlacementRule::consolidated)) continue;
      FAIL_CHECK("job ", j, " waits at ", view.now_seconds, " though nothing runs");
      break;
    }
    return actions;
  }

 private:
  std::unique_ptr<training::Policy> policy_;
};

constexpr int kV100Nodes = 4, kV100Gpus = 4;
constexpr int kA100Nodes = 3, kA100Gpus = 2;

/// Jobs of up to as many GPUs as a type has in all, or at most 2; `trained`: half of them are
/// counted in iterations, so that policies that adapt may resize them.
void add_jobs(Scenario& scenario, RandomStream& random, bool trained, bool small = false) {
  const char* types[] = {"v100-32g", "a100-40g", "v100-32g|a100-40g"};
  double now = 1;
  for (int j = 0; j < 60; ++j) {
    now += static_cast<double>(random.below(30));
    const char* type = types[random.below(3)];
    const int gpus = 1 << random.below(small ? 2 : std::string(type) == "a100-40g" ? 3 : 5);
    if (trained && random.below(2) == 0)
      scenario.training(now, gpus, "m", static_cast<std::int64_t>(200 + random.below(4000)), type);
    else
      scenario.job(now, gpus, static_cast<double>(5 + random.below(200)), type);
  }
  if (trained)
    scenario.iteration_seconds = [](const std::string&, const std::string& type,
                                    models::Locality locality) {
      return (type == "a100-40g" ? 0.5 : 1.0) * (1 + 0.1 * locality.nodes) / locality.gpus();
    };
  scenario.config.on_oversized_job = training::OversizedJob::reject;
}

}  // namespace

TEST_CASE("while the largest node is down jobs are placed as on a cluster without it") {
  for (const char* const policy : {"fifo", "easy", "sjf", "srtf", "las", "gandiva"}) {
    INFO(policy);
    Scenario scenario;
    scenario.node_group(1, 6).node_group(3, 2).job(10, 6, 100).job(20, 1, 50);
    const OutageFile outages("0,5,10000\n");
    outages.use_in(scenario);
    CHECK(simulate(scenario.with(policy)).start[0] == 10);
  }
}

TEST_CASE("a job that fits runs under every policy while one before it needs a node that is down") {
  for (const Choice& choice : choices()) {
    INFO(choice.policy, " ", choice.options);
    Scenario scenario;
    scenario.node_group(2, 4).job(10, 8, 100).job(20, 1, 50);
    const OutageFile outages("1,5,10000\n");
    outages.use_in(scenario);
    const Outcome outcome = simulate(scenario.with(choice.policy, choice.options));
    CHECK(outcome.start == std::vector<double>{10000, 20});
    // A policy that lends idle GPUs may finish it sooner.
    CHECK(outcome.finish[1] <= 70);
    CHECK(outcome.finish[0] == 10100);
    const auto why = std::ranges::find_if(outcome.events, [](const Seen& event) {
      return event.kind == Kind::waits && event.job == 0;
    });
    if (choice.policy == "largest-first") continue;  // names no reasons
    REQUIRE(why != outcome.events.end());
    const bool admits = choice.policy == "gavel-arena" || choice.policy == "sia-arena";
    CHECK(why->reason == (admits ? Reason::not_enough_gpus : Reason::nodes_down));
  }
}

TEST_CASE("a job set aside by a failure lets the jobs behind it start at that instant") {
  for (const Choice& choice : choices()) {
    INFO(choice.policy, " ", choice.options);
    // The first job holds a node; the second waits for all three; the third fits, but is behind it.
    // Node 2, which is idle, fails.
    Scenario scenario;
    scenario.node_group(3, 4).job(1, 4, 1000).job(2, 12, 2000).job(3, 4, 50);
    const OutageFile outages("2,100,20000\n");
    outages.use_in(scenario);
    const Outcome outcome = simulate(scenario.with(choice.policy, choice.options));
    CHECK(outcome.start[2] <= 100);
    CHECK(outcome.finish[1] >= 20000);
    CHECK(outcome.all_done);
  }
}

TEST_CASE("a job that comes while all nodes are down starts when one comes back") {
  for (const Choice& choice : choices()) {
    for (const bool trained : {false, true}) {
      INFO(choice.policy, " ", choice.options, std::string(trained ? " trained" : ""));
      Scenario scenario;
      scenario.node_group(2, 4);
      if (trained) {
        scenario.training(10, 4, "m", 100);
        scenario.iteration_seconds = [](const std::string&, const std::string&,
                                        models::Locality locality) {
          return 4.0 / locality.gpus();
        };
      } else {
        scenario.job(10, 4, 100);
      }
      const OutageFile outages("0,5,500\n1,5,1000\n");
      outages.use_in(scenario);
      const Outcome outcome = simulate(scenario.with(choice.policy, choice.options));
      CHECK(outcome.start == std::vector<double>{500});
      CHECK(outcome.finish[0] <= 600);
    }
  }
}

TEST_CASE("EASY keeps the start it reserved for the first job that fits on the nodes that are up") {
  // Two of three nodes are up, one of them busy until 101. The second job needs all three and is
  // set aside; the third has 101 reserved, which the fourth would delay and the fifth does not.
  Scenario scenario;
  scenario.node_group(3, 4).job(1, 4, 100).job(2, 12, 10).job(3, 8, 10).job(4, 4, 98).job(5, 4, 90);
  const OutageFile outages("1,0,1000\n");
  outages.use_in(scenario);
  const Outcome outcome = simulate(scenario.with("easy"));
  CHECK(outcome.start == std::vector<double>{1, 1000, 101, 111, 5});
}

TEST_CASE("Gavel of the artifact believes in what jobs hold once nodes have failed") {
  // Five nodes of A full of jobs of 3 GPUs and of 1, so that twelve trained jobs, faster on A,
  // begin on B. When the jobs of 3 are gone, each job of 4 that comes is given A by the program and
  // three of the twelve with it; but no node has 4 GPUs free, so nothing moves and the belief
  // stays.
  Scenario scenario;
  scenario.node_group(5, 4, "a100-40g").node_group(3, 4, "v100-32g");
  for (int j = 0; j < 5; ++j) scenario.job(1 + j, 3, 100 - j, "a100-40g");
  for (int j = 0; j < 5; ++j) scenario.job(6 + j, 1, 1e5, "a100-40g");
  for (int j = 0; j < 12; ++j) scenario.training(20 + j, 1, "small", 100'000);
  for (int j = 0; j < 4; ++j) scenario.training(200 + j, 4, "large", 100'000, "a100-40g");
  scenario.iteration_seconds = [](const std::string& model, const std::string& type,
                                  models::Locality locality) {
    const bool fast = type == "a100-40g";
    if (model == "large" && !(fast && locality.nodes == 1))
      return std::numeric_limits<double>::infinity();
    return (fast ? 0.5 : 1.0) / locality.gpus();
  };
  // Two nodes of A are left, with 3 GPUs free on each and room for the three jobs thrown out.
  const OutageFile outages("0,300,1e6\n1,300,1e6\n2,300,1e6\n");
  outages.use_in(scenario);
  scenario.horizon_seconds = 400;
  const Outcome outcome = simulate(scenario.with("gavel-arena"));
  for (std::size_t job = 5; job < 10; ++job)
    CHECK(outcome.status[job].state == training::JobState::running);
}

TEST_CASE("nodes that are down from the start on change what fits on the others in nothing") {
  for (const Choice& choice : choices()) {
    // The artifact resizes jobs that run behind a waiting one, be it one that can never run.
    if (choice.options == "{search: arena}") continue;
    // An arrival of a job that is set aside is a pass, at which SRTF and Gavel's 0/1 program pick
    // anew, and Gavel of the artifact gives plain durations any type. A rejected one is not a pass.
    const bool small = choice.policy == "srtf" || choice.policy == "gavel-arena" ||
                       choice.options.find("exclusive") != std::string::npos;
    for (const bool trained : {false, true}) {
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        INFO(choice.policy, " ", choice.options, std::string(trained ? " trained" : ""), " seed ",
             seed);
        RandomStream random(seed, "outages");
        Scenario whole, without;
        std::string rows;
        const auto group = [&](int first, int count, int gpus, const char* type) {
          const int down =
              1 + static_cast<int>(random.below(static_cast<std::uint64_t>(count - 1)));
          std::vector<int> nodes;
          for (int n = 0; n < count; ++n) nodes.push_back(first + n);
          for (int n = 0; n < down; ++n) {
            const auto at = nodes.begin() + static_cast<std::ptrdiff_t>(random.below(nodes.size()));
            rows += fmt::format("{},0,1000000\n", *at);
            nodes.erase(at);
          }
          whole.node_group(count, gpus, type);
          without.node_group(count - down, gpus, type);
        };
        group(0, kV100Nodes, kV100Gpus, "v100-32g");
        group(kV100Nodes, kA100Nodes, kA100Gpus, "a100-40g");
        RandomStream again = random;
        add_jobs(whole, random, trained, small);
        add_jobs(without, again, trained, small);
        const OutageFile outages(rows);
        outages.use_in(whole);
        const Outcome down = simulate(whole.with(choice.policy, choice.options));
        const Outcome gone = simulate(without.with(choice.policy, choice.options));
        for (std::size_t j = 0; j < down.start.size(); ++j) {
          INFO("job ", j);
          const bool same = down.start[j] == gone.start[j] && down.finish[j] == gone.finish[j];
          CHECK((gone.start[j] < 0 ? down.start[j] < 0 || down.start[j] >= 1000000 : same));
        }
      }
    }
  }
}

TEST_CASE("no cluster idles and no job is left under outages that come and go") {
  for (const Choice& choice : choices()) {
    const auto* entry = training::find_policy(choice.policy);
    const base::Node options = base::parse_yaml(choice.options, "options");
    for (const bool trained : {false, true}) {
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        INFO(choice.policy, " ", choice.options, std::string(trained ? " trained" : ""), " seed ",
             seed);
        RandomStream random(seed, "drawn outages");
        Scenario scenario;
        scenario.node_group(kV100Nodes, kV100Gpus, "v100-32g");
        scenario.node_group(kA100Nodes, kA100Gpus, "a100-40g");
        add_jobs(scenario, random, trained);
        auto& failures = scenario.platform.failures.emplace();
        failures.mean_time_between_failures_seconds = 600;
        failures.mean_time_to_repair_seconds = 300;
        scenario.horizon_seconds = 100'000;  // outages go on as long as a job is left
        scenario.seed = seed;
        scenario.config.checkpoint = training::CheckpointConfig{20, 1};
        if (seed % 2 == 0) scenario.config.restart.more = 7;
        if (seed % 2 == 0) scenario.config.migration = training::MigrationConfig{1e9};
        if (seed % 3 == 0) scenario.config.round_seconds = 30;
        scenario.config.policy_adapts = entry->traits.adapts && trained;
        scenario.make_policy = [&] { return std::make_unique<NeverIdle>(entry->make(options)); };
        CHECK(simulate(scenario).all_done);
      }
    }
  }
}

TEST_CASE("a reason to wait is told anew where the job ran meanwhile") {
  // The third job waits for a GPU, runs from 50 on, is thrown out at 60 and waits for one again.
  Scenario scenario;
  scenario.node_group(2, 1).job(0, 1, 200).job(1, 1, 49).job(2, 1, 100);
  const OutageFile outages("1,60,1000\n");
  outages.use_in(scenario);
  const Outcome outcome = simulate(scenario.with("fifo"));
  std::vector<double> told;
  for (const test::Seen& event : outcome.events)
    if (event.kind == training::ClusterEvent::Kind::waits && event.job == 2 &&
        event.reason == training::Reason::not_enough_gpus)
      told.push_back(event.seconds);
  CHECK(told == std::vector<double>{2, 60});
}

}  // namespace orrery::test
