// orrery compare: resuming, failing children, interruption.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/sim/app/command.hpp"

namespace fs = std::filesystem;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::write_small_experiment;

namespace {

/// A run that takes long enough to be caught in the middle.
void write_long_experiment(const Folder& folder) {
  folder.write("exp.yaml",
               "name: long\n"
               "cluster: {nodes: [{count: 4, gpu: t4, gpus_per_node: 8}]}\n"
               "workload: {generate: {philly: {jobs: 400000, largest_gpus: 8}}}\n"
               "policy: {queue: blocking}\n"
               "policies: [fifo, sjf]\n"
               "records: {trace: false, timeline: false, allocations: false, decisions: false}\n");
}

/// The first child of a process that works on a run, once its results are begun.
std::optional<pid_t> child_of(pid_t parent) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream stat(entry.path() / "stat");
    std::string pid, program, state, above;
    stat >> pid >> program >> state >> above;
    if (above == std::to_string(parent)) return std::stoi(name);
  }
  return std::nullopt;
}

void wait_for(const Folder& folder, const std::string& name) {
  for (int i = 0; i < 3000 && !folder.has(name); ++i) ::usleep(10'000);
  REQUIRE_MESSAGE(folder.has(name), name);
}

nlohmann::json comparison(const Folder& folder) {
  return nlohmann::json::parse(folder.read("out/comparison.json"));
}

std::size_t runs_in(const nlohmann::json& comparison) {
  return comparison.at("runs").size();
}

}  // namespace

TEST_CASE("another rule of uncertainty keeps the runs and writes the comparison anew") {
  const Folder folder;
  write_small_experiment(folder);
  std::vector<std::string> command{"compare", "exp.yaml", "--out", "out", "--policies", "fifo,sjf"};
  CHECK(folder.orrery(command).code == 0);
  CHECK(comparison(folder).at("uncertainty").at("asked") == false);
  command.insert(command.end(), {"--set", "uncertainty={windows: 5}"});
  const Outcome again = folder.orrery(command);
  CHECK(again.code == 0);
  CHECK(again.out.find("0 runs made, 2 kept") != std::string::npos);
  CHECK(comparison(folder).at("uncertainty").at("windows") == 5);
  CHECK(folder.read("out/experiment.yaml").find("windows: 5") != std::string::npos);
  command.back() = "seed=9";
  CHECK(folder.orrery(command).err.find("holds the comparison of another experiment") !=
        std::string::npos);
}

TEST_CASE("compare makes a directory for each policy and seed, and resumes") {
  const Folder folder;
  write_small_experiment(folder);
  const std::vector<std::string> command{"compare", "exp.yaml", "--out",      "out",
                                         "--seeds", "1,2",      "--policies", "fifo,srtf"};
  const Outcome first = folder.orrery(command);
  CHECK(first.code == 0);
  CHECK(first.err.find("fifo/1: done in") != std::string::npos);
  CHECK(first.out.find("srtf") != std::string::npos);
  CHECK(first.out.find("4 runs made, 0 kept") != std::string::npos);
  for (const char* const run : {"fifo/1", "fifo/2", "srtf/1", "srtf/2"}) {
    CHECK(folder.has(std::string("out/") + run + "/summary.json"));
    CHECK_FALSE(folder.has(std::string("out/") + run + ".log"));
  }
  CHECK(folder.has("out/report.html"));
  CHECK(runs_in(comparison(folder)) == 4);

  const auto before = fs::last_write_time(folder.path() + "/out/fifo/1/summary.json");
  fs::remove_all(folder.path() + "/out/srtf/2");
  const Outcome second = folder.orrery(command);
  CHECK(second.code == 0);
  CHECK(second.out.find("1 runs made, 3 kept") != std::string::npos);
  CHECK(second.err.find("srtf/2: done in") != std::string::npos);
  CHECK(second.err.find("fifo/1") == std::string::npos);
  CHECK(fs::last_write_time(folder.path() + "/out/fifo/1/summary.json") == before);

  // A table that is gone makes its run anew; a trace or a page may be thrown away.
  fs::remove(folder.path() + "/out/srtf/1/jobs.csv");
  fs::remove(folder.path() + "/out/fifo/2/trace.json");
  CHECK(folder.orrery(command).out.find("1 runs made, 3 kept") != std::string::npos);
  CHECK(folder.has("out/srtf/1/jobs.csv"));

  // A trace that changed makes other runs.
  folder.write("jobs.csv", "job_id,submit_seconds,gpus,duration_seconds\nA,0,4,10\n");
  CHECK(folder.orrery(command).out.find("4 runs made, 0 kept") != std::string::npos);
}

TEST_CASE("a run that fails is named with its log and does not stop the others") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(folder.orrery({"compare", "exp.yaml", "--out", "out", "--policies", "fifo"}).code == 0);
  folder.write("out/srtf/1/in-the-way.txt", "something\n");
  const Outcome failed =
      folder.orrery({"compare", "exp.yaml", "--out", "out", "--policies", "srtf,fifo,sjf"});
  CHECK(failed.code == 1);
  CHECK(failed.err.find("srtf/1: FAILED, exit code 2") != std::string::npos);
  CHECK(failed.err.find("    error: out/srtf/1: holds in-the-way.txt") != std::string::npos);
  CHECK(failed.err.find("sjf/1: done") != std::string::npos);
  CHECK(folder.read("out/srtf/1.log").find("holds in-the-way.txt") != std::string::npos);
  const auto written = comparison(folder);
  CHECK(runs_in(written) == 2);
  REQUIRE(written.at("failed").size() == 1);
  CHECK(written.at("failed")[0].get<std::string>().find("srtf/1") != std::string::npos);
}

TEST_CASE("a run that is killed fails the comparison without losing the others") {
  const Folder folder;
  write_long_experiment(folder);
  const pid_t process = folder.start(
      {"compare", "exp.yaml", "--out", "out", "--jobs", "1", "--policies", "fifo,sjf"});
  wait_for(folder, "out/fifo/1.partial/experiment.yaml");
  const auto child = child_of(process);
  REQUIRE(child.has_value());
  REQUIRE(::kill(*child, SIGKILL) == 0);
  const Outcome outcome = folder.finish(process);
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("fifo/1: FAILED, killed by signal 9") != std::string::npos);
  CHECK_FALSE(folder.has("out/fifo/1"));
  CHECK(folder.has("out/sjf/1/summary.json"));
  CHECK(runs_in(comparison(folder)) == 1);

  const Outcome again =
      folder.orrery({"compare", "exp.yaml", "--out", "out", "--policies", "fifo,sjf"});
  CHECK(again.code == 0);
  CHECK(again.out.find("1 runs made, 1 kept") != std::string::npos);
  CHECK_FALSE(folder.has("out/fifo/1.partial"));
}

TEST_CASE("an interrupted comparison ends its runs and says how to go on") {
  const Folder folder;
  write_long_experiment(folder);
  const pid_t process = folder.start({"compare", "exp.yaml", "--out", "out", "--jobs", "2"});
  wait_for(folder, "out/fifo/1.partial/experiment.yaml");
  REQUIRE(::kill(process, SIGTERM) == 0);
  const Outcome outcome = folder.finish(process);
  CHECK(outcome.code == 130);
  CHECK(outcome.err.find("the same command goes on with the rest") != std::string::npos);
  CHECK_FALSE(folder.has("out/comparison.json"));
  CHECK_FALSE(folder.has("out/fifo/1"));
  CHECK(folder.has("out/fifo/1.partial/INTERRUPTED"));
  CHECK_FALSE(folder.has("out/fifo/1.log"));
  CHECK_FALSE(child_of(process).has_value());
}

TEST_CASE("sweep points lie in directories of their own") {
  const Folder folder;
  write_small_experiment(folder);
  const Outcome outcome = folder.orrery({"compare", "exp.yaml", "--out", "out", "--set",
                                         "sweep={\"cluster.nodes[0].count\": [1, 2]}"});
  CHECK(outcome.code == 0);
  CHECK(folder.has("out/count-1/fifo/1/summary.json"));
  CHECK(folder.has("out/count-2/fifo/1/summary.json"));
  CHECK(runs_in(comparison(folder)) == 2);
}
