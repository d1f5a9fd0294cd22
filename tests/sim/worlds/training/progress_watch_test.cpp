// Runs that would never end are ended and say why; runs that only take long are not.
#include "sim/worlds/training/progress_watch.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "tests/sim/worlds/training/outage_file.hpp"
#include "tests/sim/worlds/training/policies/scenario_error.hpp"

using namespace orrery;
using test::error_of;
using test::Scenario;
using test::simulate;
using training::ProgressWatch;
using workloads::JobId;
using Step = ProgressWatch::Step;

namespace {

std::vector<workloads::TrainingJob> jobs_of(const std::vector<double>& durations) {
  std::vector<workloads::TrainingJob> jobs;
  for (const double duration : durations) jobs.emplace_back().duration_seconds = duration;
  return jobs;
}

void count(ProgressWatch& watch, Step step, int times) {
  for (int i = 0; i < times; ++i) watch.count(step);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A node on which a job of a day has no chance between two failures.
Scenario failing(double mtbf, double mttr, std::int64_t stuck_after) {
  Scenario scenario;
  scenario.node_group(2, 8);
  auto& failures = scenario.platform.failures.emplace();
  failures.mean_time_between_failures_seconds = mtbf;
  failures.mean_time_to_repair_seconds = mttr;
  scenario.config.stuck_after = stuck_after;
  return scenario;
}

/// Always about to start something.
class Idler final : public training::Policy {
  training::Actions decide(const training::View& view, const training::Delta&) override {
    training::Actions out;
    out.wake_at_seconds = view.now_seconds + 10;
    return out;
  }
};

}  // namespace

TEST_CASE("a hundredth of a job's work done for the first time begins the counting anew") {
  const auto jobs = jobs_of({1000, 1000});
  ProgressWatch watch(jobs, 100);
  count(watch, Step::decision, 99);
  CHECK_FALSE(watch.stuck());
  watch.reached(JobId(0), 991);  // not yet a hundredth
  watch.count(Step::decision);
  CHECK(watch.stuck());
  CHECK(watch.decisions() == 100);
  watch.reached(JobId(0), 990);
  CHECK_FALSE(watch.stuck());
  CHECK(watch.decisions() == 0);
  count(watch, Step::decision, 100);
  watch.reached(JobId(0), 990);  // where it has been before
  watch.reached(JobId(0), 1000);
  CHECK(watch.stuck());
  watch.reached(JobId(1), 985);  // any job does
  CHECK_FALSE(watch.stuck());
  count(watch, Step::decision, 100);
  watch.advanced();
  CHECK_FALSE(watch.stuck());
}

TEST_CASE("a lost run counts as a hundred steps, an idle one as a tenth") {
  const auto jobs = jobs_of({1000});
  ProgressWatch watch(jobs, 1000);
  count(watch, Step::loss, 9);
  CHECK_FALSE(watch.stuck());
  watch.count(Step::loss);
  CHECK(watch.stuck());
  CHECK(watch.losses() == 10);
  watch.advanced();
  count(watch, Step::idle, 9'999);
  CHECK_FALSE(watch.stuck());
  watch.count(Step::idle);
  CHECK(watch.stuck());
}

TEST_CASE("running jobs are looked at a few times before a run counts as stuck") {
  const auto jobs = jobs_of({1000});
  ProgressWatch watch(jobs, 1000);
  int looks = 0;
  while (!watch.stuck()) {
    watch.count(Step::decision);
    if (!watch.due()) continue;
    ++looks;
    watch.looked();
  }
  CHECK(looks >= 9);
  CHECK(looks <= 11);
}

TEST_CASE("jobs without work or without an end are no progress") {
  const auto jobs = jobs_of({0, std::numeric_limits<double>::infinity()});
  ProgressWatch watch(jobs, 10);
  count(watch, Step::decision, 10);
  watch.reached(JobId(0), 0);
  watch.reached(JobId(1), std::numeric_limits<double>::infinity());
  CHECK(watch.stuck());
}

TEST_CASE("a job that no failure leaves the time to finish ends the run and is named") {
  const std::string told = error_of(failing(1000, 100, 10'000).job(0, 16, 86'400));
  CHECK_MESSAGE(told.starts_with("stopped at "), told);
  CHECK_MESSAGE(has(told, "no job came nearer its end (stuck_after); job j0 was lost "), told);
  CHECK_MESSAGE(has(told, "checkpoint: {every: 30 min}"), told);
  // With checkpoints it comes to its end.
  auto saved = failing(1000, 100, 10'000).job(0, 16, 86'400);
  saved.config.checkpoint = training::CheckpointConfig{60, 0};
  CHECK(simulate(saved).all_done);
  // And so does the rest where the job is given up.
  auto given_up = failing(1000, 100, 10'000).job(0, 16, 86'400).job(0, 1, 10);
  given_up.config.job_retries = 5;
  CHECK(simulate(given_up).counts.failed == 1);
}

TEST_CASE("a job that waits for ever ends the run and is named") {
  Scenario scenario;
  scenario.node_group(2, 8).job(5, 16, 60);
  scenario.config.stuck_after = 1000;
  scenario.make_policy = [] { return std::make_unique<Idler>(); };
  const std::string told = error_of(scenario);
  CHECK_MESSAGE(has(told, "in 1000 decisions and node failures no job came nearer"), told);
  CHECK_MESSAGE(has(told, "job j0 waits for 16 GPUs since 5 s and nothing runs"), told);
}

TEST_CASE("a long job outlasts the failures of other nodes") {
  // 200 outages in each hundredth of its work: 200 failures and 400 decisions.
  std::string rows;
  for (int down = 0; down < 1'000'000; down += 50)
    rows += "1," + std::to_string(down) + ',' + std::to_string(down + 10) + '\n';
  const test::OutageFile outages(rows);
  Scenario scenario;
  scenario.node_group(2, 8).job(0, 1, 1e6);
  outages.use_in(scenario);
  scenario.config.stuck_after = 1000;
  CHECK(simulate(scenario).finish[0] == 1e6);
  scenario.config.stuck_after = 300;
  CHECK_MESSAGE(has(error_of(scenario), "job j0 runs, was started or moved 1 times"),
                error_of(scenario));
}

TEST_CASE("failures before a far submission count as a tenth each") {
  const std::string told = error_of(failing(10, 1, 1000).job(0, 1, 1).job(1e9, 1, 10));
  CHECK_MESSAGE(has(told, "nothing waits or runs, and the next job comes at 1e+09 s"), told);
  // 2,000 failures on the way are no reason to stop, though each has two decisions beside it.
  CHECK(simulate(failing(1000, 1, 1000).job(0, 1, 1).job(1e6, 1, 10)).all_done);
}
