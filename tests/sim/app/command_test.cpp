// orrery run, validate, trace, explain and list, from outside.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/sim/app/command.hpp"

using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::write_small_experiment;

namespace {

/// The first five cells of each row of jobs.csv.
std::string schedule(const std::string& jobs) {
  std::string out;
  std::size_t begin = 0;
  while (begin < jobs.size()) {
    const std::size_t end = jobs.find('\n', begin);
    std::size_t cut = begin;
    for (int comma = 0; comma < 5; ++comma) cut = jobs.find(',', cut) + 1;
    out += jobs.substr(begin, cut - 1 - begin) + '\n';
    begin = end + 1;
  }
  return out;
}

}  // namespace

TEST_CASE("run writes the schedule worked by hand, blocking and skipping") {
  const Folder folder;
  write_small_experiment(folder);
  const Outcome blocking = folder.orrery({"run", "exp.yaml", "--out", "blocking"});
  CHECK(blocking.code == 0);
  CHECK(blocking.err.empty());
  CHECK(blocking.out.find("3 submitted, 3 finished") != std::string::npos);
  CHECK(blocking.out.find("blocking") != std::string::npos);
  CHECK(schedule(folder.read("blocking/jobs.csv")) ==
        "job_id,submit_seconds,start_seconds,finish_seconds,state\n"
        "A,0,0,10,finished\n"
        "B,0,10,20,finished\n"
        "C,1,20,25,finished\n");

  const Outcome skipping =
      folder.orrery({"run", "exp.yaml", "--out", "skipping", "--set", "policy.queue=skipping"});
  CHECK(skipping.code == 0);
  CHECK(schedule(folder.read("skipping/jobs.csv")) ==
        "job_id,submit_seconds,start_seconds,finish_seconds,state\n"
        "A,0,0,10,finished\n"
        "B,0,10,20,finished\n"
        "C,1,1,6,finished\n");
  for (const char* const file :
       {"summary.json", "performance.json", "experiment.yaml", "allocations.csv", "timeline.csv",
        "decisions.csv", "trace.json", "report.html"})
    CHECK_MESSAGE(folder.has(std::string("blocking/") + file), file);
  CHECK_FALSE(folder.has("blocking.partial"));
}

TEST_CASE("--set may be followed by several values, before or after the file") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "a", "--set", "policy.name=srtf", "seed=9"})
            .code == 0);
  CHECK(
      folder
          .orrery({"run", "--set", "policy.name=srtf", "--set", "seed=9", "exp.yaml", "--out", "b"})
          .code == 0);
  CHECK(folder.read("a/summary.json") == folder.read("b/summary.json"));
  CHECK(folder.read("a/summary.json").find("\"policy\": \"srtf\"") != std::string::npos);
  CHECK(folder.read("a/summary.json").find("\"seed\": 9") != std::string::npos);
}

TEST_CASE("--force replaces results, --no-trace and --no-report leave files out") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "out"}).code == 0);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "out"}).code == 2);
  const Outcome forced = folder.orrery({"run", "exp.yaml", "--out", "out", "--force", "--no-trace",
                                        "--no-report", "--set", "records.timeline=false"});
  CHECK(forced.code == 0);
  CHECK(folder.has("out/summary.json"));
  for (const char* const file : {"trace.json", "report.html", "timeline.csv"})
    CHECK_FALSE_MESSAGE(folder.has(std::string("out/") + file), file);
}

TEST_CASE("a horizon leaves jobs unfinished and is not a failure") {
  const Folder folder;
  write_small_experiment(folder);
  const Outcome cut =
      folder.orrery({"run", "exp.yaml", "--out", "out", "--set", "stop={seconds: 12}"});
  CHECK(cut.code == 0);
  CHECK(cut.out.find("3 submitted, 1 finished, 2 unfinished") != std::string::npos);
  CHECK(folder.read("out/summary.json").find("\"exhaustion\": null") != std::string::npos);

  const Outcome rounds = folder.orrery(
      {"run", "exp.yaml", "--out", "rounds", "--set", "stop={rounds: 3}", "round=4 s"});
  CHECK(rounds.code == 0);
  CHECK(folder.read("rounds/summary.json").find("\"simulated_seconds\": 12") != std::string::npos);
}

TEST_CASE("jobs that can never start give exit 1, and the results all the same") {
  const Folder folder;
  write_small_experiment(folder);
  folder.write("outages.csv", "node,down_seconds,up_seconds\n0,12,\n");
  const Outcome stuck = folder.orrery(
      {"run", "exp.yaml", "--out", "out", "--set", "cluster.failures={trace: outages.csv}"});
  CHECK(stuck.code == 1);
  CHECK(stuck.err.find("2 of 3 jobs could never run to their end") != std::string::npos);
  CHECK(folder.read("out/summary.json").find("\"unfinished\": 2") != std::string::npos);
}

TEST_CASE("explain and report read what run wrote") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "out", "--no-report"}).code == 0);
  const Outcome explained = folder.orrery({"explain", "out", "C"});
  CHECK(explained.code == 0);
  CHECK(explained.out.find('C') != std::string::npos);
  CHECK(explained.out.find('B') != std::string::npos);  // behind whom it waited
  CHECK_FALSE(folder.has("out/report.html"));
  const Outcome reported = folder.orrery({"report", "out"});
  CHECK(reported.code == 0);
  CHECK(reported.out == "out/report.html\n");
  CHECK(folder.read("out/report.html").find("<html") != std::string::npos);
}

TEST_CASE("validate counts runs and jobs and writes nothing") {
  const Folder folder;
  write_small_experiment(folder);
  const Outcome fine = folder.orrery({"validate", "exp.yaml", "--set", "seeds=[1, 2]"});
  CHECK(fine.code == 0);
  CHECK(fine.out == "OK: 2 runs (1 policy x 2 seeds)\n  2 runs: 3 jobs on 1 node with 8 GPUs\n");
  CHECK(folder.orrery({"validate", "exp.yaml", "--set", "policy.name=none"}).code == 2);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("a converted trace gives the same run as the original") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(folder.orrery({"trace", "convert", "jobs.csv", "--out", "native.csv"}).code == 0);
  const Outcome info = folder.orrery({"trace", "info", "native.csv"});
  CHECK(info.code == 0);
  CHECK(info.out.find("jobs             3") != std::string::npos);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "a"}).code == 0);
  CHECK(folder.orrery({"run", "exp.yaml", "--out", "b", "--set", "workload.trace.path=native.csv"})
            .code == 0);
  CHECK(folder.read("a/jobs.csv") == folder.read("b/jobs.csv"));
}

TEST_CASE("help and lists teach") {
  const Folder folder;
  const Outcome help = folder.orrery({"--help"});
  CHECK(help.code == 0);
  for (const char* const command :
       {"run", "compare", "validate", "report", "schema", "list", "trace", "explain"}) {
    CHECK_MESSAGE(help.out.find(std::string("\n  ") + command + " ") != std::string::npos, command);
    CHECK(folder.orrery({command, "--help"}).code == 0);
  }
  CHECK(help.out.find("run-point") == std::string::npos);
  CHECK(help.out.find("130") != std::string::npos);
  CHECK(folder.orrery({"--version"}).out.starts_with("orrery "));
  for (const char* const policy : {"\nfifo ", "easy ", "\nsjf ", "\nsrtf ", "\nlas "})
    CHECK_MESSAGE(folder.orrery({"list", "policies"}).out.find(policy) != std::string::npos,
                  policy);
  CHECK(folder.orrery({"list", "gpus"}).out.find("\nh200 ") != std::string::npos);
  CHECK(folder.orrery({"list", "traces"}).out.find("\nphilly ") != std::string::npos);
}

TEST_CASE("output that cannot be written is not a success") {
  const Folder folder;
  const Outcome full = folder.orrery({"list", "gpus"});
  CHECK(full.code == 0);
  if (!std::filesystem::exists("/dev/full")) return;
  const Folder other;
  other.write("list.sh", "\"$ORRERY_BINARY\" list gpus > /dev/full\n");
  const std::string command = "sh " + other.path() + "/list.sh 2> /dev/null";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
}
