// One run inside this process: what is left behind in the good case and after an interruption.
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "models/base/text_file.hpp"
#include "sim/experiment/comparison_directory.hpp"
#include "sim/experiment/run.hpp"
#include "sim/experiment/validation.hpp"
#include "tests/sim/experiment/files.hpp"
#include "tests/sim/experiment/points_of.hpp"

namespace fs = std::filesystem;
using namespace orrery::experiment;
using orrery::base::Error;
using orrery::base::Fault;
using orrery::experiment::test::error_of;
using orrery::experiment::test::expand;
using orrery::experiment::test::Files;
using orrery::experiment::test::plain_experiment;
using orrery::experiment::test::points_of;

namespace {

RunOptions options_for(const std::string& out) {
  RunOptions options;
  options.out = out;
  options.progress = false;
  options.report = false;
  return options;
}

Expansion expansion_of(const std::string& text) {
  return Expansion(orrery::base::parse_yaml(text, "e.yaml"));
}

double figure(const RunResult& result, const std::string& key) {
  return *orrery::world::figure(result.summary.worlds.front().section.figures, key).value;
}

}  // namespace

TEST_CASE("notes say what a result rests on") {
  const auto notes_of = [](const std::string& more) {
    const Files files;
    const RunPoint point = points_of(plain_experiment() + more).front();
    const RunResult result = run_point(point, options_for(files.path() + "/out"));
    std::string text;
    for (const std::string& note : result.summary.worlds.front().section.notes)
      text.append(note).append("\n");
    return text;
  };
  const auto holds = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  const std::string foresees = "knows in advance how long each job will run";
  CHECK(holds(notes_of("policy: {name: sjf, label: short}\n"), "short " + foresees));
  CHECK_FALSE(holds(notes_of("policy: {name: fifo}\n"), foresees));
  const std::string las = "policy: {name: las, limits_gpu_seconds: [10]}\n";
  CHECK(holds(notes_of(las), "at no cost, because the experiment has no 'restart_seconds'"));
  CHECK_FALSE(holds(notes_of(las + "restart_seconds: {more: 5}\n"), "at no cost"));
  CHECK(holds(notes_of("policy: {name: gavel}\nwithout_throughput: proportional\n"),
              "gavel decides by throughputs and was given none"));
}

TEST_CASE("a run leaves its results and nothing unfinished") {
  const Files files;
  const std::string out = files.path() + "/out";
  const RunPoint point = points_of(plain_experiment() + "policy: {name: fifo}\n").front();
  const RunResult result = run_point(point, options_for(out));
  CHECK(figure(result, "jobs.submitted") == 20);
  CHECK(figure(result, "jobs.finished") == 20);
  CHECK(result.summary.run_id == point.run_id);
  CHECK(result.summary.peak_rss_bytes > 1'000'000);
  CHECK(result.summary.left_undone() == "");
  CHECK_NOTHROW(require_complete(result));
  CHECK(orrery::report::read_run(out).run_id == point.run_id);
  CHECK_FALSE(fs::exists(out + ".partial"));
  // The resolved experiment describes the same run.
  const auto again = expand(orrery::base::load_yaml(out + "/experiment.yaml"));
  REQUIRE(again.size() == 1);
  CHECK(again.front().run_id == point.run_id);
}

TEST_CASE("an interruption leaves marked, unfinished files and no results") {
  const Files files;
  const std::string out = files.path() + "/out";
  const auto points = expand(orrery::base::parse_yaml(
      "name: long\ncluster: {nodes: [{count: 8, gpu: t4}]}\npolicy: {name: fifo}\n"
      "workload: {generate: {philly: {jobs: 20000, largest_gpus: 8}}}\n",
      "e.yaml"));
  RunOptions options = options_for(out);
  bool sent = false;  // a second signal would end this process
  options.on_progress = [&sent](double fraction, std::uint64_t) {
    CHECK(fraction < 1);
    if (!std::exchange(sent, true)) std::raise(SIGINT);
  };
  try {
    run_point(points.front(), options);
    FAIL("the run was not interrupted");
  } catch (const Error& error) {
    CHECK(error.fault() == Fault::interrupted);
    CHECK(error.sentence().find(out + ".partial") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(out));
  CHECK(fs::exists(out + ".partial/INTERRUPTED"));
  CHECK_FALSE(fs::exists(out + ".partial/summary.json"));
  // The next run is not stopped by what is over, and takes the place.
  options.on_progress = {};
  CHECK(figure(run_point(points.front(), options), "jobs.finished") == 20000);
  CHECK_FALSE(fs::exists(out + ".partial"));
}

TEST_CASE("a run that cannot go on leaves its files with a note, and says where") {
  const Files files;
  const std::string out = files.path() + "/out";
  const auto run = [&](const std::string& more) {
    return error_of([&] {
      run_point(points_of("name: bounded\ncluster: {nodes: [{count: 8, gpu: t4}]}\n"
                          "policy: {name: fifo}\nworkload: {generate: {philly: {jobs: 20000, "
                          "largest_gpus: 8}}}\n" +
                          more)
                    .front(),
                options_for(out));
    });
  };
  CHECK(run("largest_output: 1 MB\n") ==
        "with this file all that is written would be larger than 1 MB; leave records out "
        "('records: {decisions: false}'), end the run earlier ('stop: {seconds: N}') or raise "
        "'largest_output'; the unfinished files stay in " +
            out + ".partial");
  CHECK_FALSE(fs::exists(out));
  REQUIRE(fs::exists(out + ".partial/FAILED"));
  CHECK(orrery::base::read_text_file(out + ".partial/FAILED", 10'000).find("This run failed: ") ==
        0);
  CHECK(run("largest_output: 1 GB\n") == "");
  CHECK_FALSE(fs::exists(out + ".partial"));
}

TEST_CASE("rounds have an end as seconds do") {
  const auto error = [](const std::string& more) {
    return error_of([&] { points_of(plain_experiment() + "policy: {name: fifo}\n" + more); });
  };
  CHECK(error("round: 1 h\nstop: {rounds: 300000000}\n") ==
        "found 300000000 rounds of 1 h, expected at most 1e12 seconds in all");
  CHECK(error("round: 1 h\nstop: {rounds: 200000000}\n") == "");
}

TEST_CASE("inputs are checked once for all policies, and for each seed where jobs are drawn") {
  Expansion points = expansion_of(plain_experiment() + "policies: [fifo, sjf]\nseeds: [1, 2, 3]\n");
  InputChecks checks(points);
  checks.check_all();
  const auto& inputs = checks.inputs();
  REQUIRE(inputs.size() == 3);
  CHECK(inputs[0].runs == 2);
  CHECK(inputs[0].contents == "20 jobs");
  CHECK(inputs[0].gpus == 8);
  Expansion narrow = expansion_of(
      plain_experiment() + "policy: {name: fifo}\nsweep: {\"cluster.nodes[0].count\": [2, 1]}\n");
  InputChecks first(narrow);
  first.check_first(1);
  CHECK(first.inputs().size() == 1);
  CHECK(error_of([&] { first.check_all(); }).find("the cluster has only 4") != std::string::npos);
}

TEST_CASE("a directory of comparisons is taken up by the same experiment only") {
  const Files files;
  const std::string out = files.path() + "/out/";
  const auto one = orrery::base::parse_yaml(plain_experiment() + "policies: [fifo]\n", "a.yaml");
  const auto other = orrery::base::parse_yaml(plain_experiment() + "policies: [sjf]\n", "b.yaml");
  const RunPoint point = expand(one).front();
  {
    ComparisonDirectory fresh(out, one, {});
    CHECK(fresh.path() == files.path() + "/out");
    CHECK_FALSE(fresh.has(point));
    CHECK(error_of([&] { ComparisonDirectory(out, one, {}); }).find("is writing into it") !=
          std::string::npos);
    fresh.prepare(point);
    run_point(point, options_for(fresh.run_path(point)));
    CHECK(fresh.has(point));
    RunPoint changed = point;
    changed.run_id = "0123456789abcdef";
    CHECK_FALSE(fresh.has(changed));
  }
  CHECK(ComparisonDirectory(out, one, {}).has(point));
  CHECK(error_of([&] {
          ComparisonDirectory(out, other, {});
        }).find("the comparison of another experiment") != std::string::npos);
  CHECK_FALSE(ComparisonDirectory(out, one, {true, {}}).has(point));  // emptied
}
