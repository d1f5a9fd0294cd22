// Every experiment that ships is valid; those that need no data also run.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/sim/app/command.hpp"

namespace fs = std::filesystem;
using orrery::app::test::Folder;

TEST_CASE("the experiments that ship are valid") {
  const Folder folder;
  const char* data = std::getenv("ORRERY_DATA");
  const bool has_data = data != nullptr && fs::is_directory(data);
  if (!has_data)
    MESSAGE("no data under ORRERY_DATA: experiments on public traces are read, not their traces");
  for (const auto& entry : fs::directory_iterator(ORRERY_SOURCE_DIR "/workloads/experiments")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto outcome = folder.orrery({"validate", entry.path().string()});
    const bool misses_data = outcome.err.find("ORRERY_DATA is not set") != std::string::npos ||
                             outcome.err.find("No such file or directory") != std::string::npos;
    CHECK_MESSAGE((outcome.code == 0 || (misses_data && !has_data)),
                  entry.path().filename().string() << ": " << outcome.err);
  }
}

TEST_CASE("the experiments for failures and mixed GPUs show what they are for") {
  const std::string experiments = ORRERY_SOURCE_DIR "/workloads/experiments/";
  const Folder folder;
  const auto failures =
      folder.orrery({"compare", experiments + "failures.yaml", "--out", "failures", "--no-trace"});
  CHECK(failures.code == 0);
  CHECK(folder.read("failures/every-2-h/fifo/1/summary.json")
            .find("\"lost_work_gpu_seconds\": 0.0") == std::string::npos);
  const auto mixed = folder.orrery(
      {"compare", experiments + "heterogeneous.yaml", "--out", "mixed", "--policies", "las"});
  CHECK(mixed.code == 0);
  const std::string jobs = folder.read("mixed/las/1/jobs.csv");
  for (const char* const type : {",a100-80g,", ",v100-32g,", ",t4,"})
    CHECK_MESSAGE(jobs.find(type) != std::string::npos, type);
}

TEST_CASE("the examples of docs/experiments.md are valid") {
  std::ifstream page(ORRERY_SOURCE_DIR "/docs/experiments.md");
  const Folder folder;
  folder.write("jobs.csv", orrery::app::test::small_trace());
  const std::string samples = ORRERY_SOURCE_DIR "/traces/samples/";
  for (const char* sample : {"arena-jobs.csv", "arena-testbed.csv", "arena-throughputs.csv"}) {
    std::ostringstream text;
    text << std::ifstream(samples + sample).rdbuf();
    folder.write(sample, text.str());
  }
  std::string block;
  bool inside = false;
  int seen = 0;
  for (std::string line; std::getline(page, line);) {
    if (line == "```yaml") {
      inside = true;
      block.clear();
    } else if (line == "```" && inside) {
      inside = false;
      if (!block.starts_with("name:")) continue;
      folder.write("exp.yaml", block);
      const auto outcome = folder.orrery({"validate", "exp.yaml"});
      CHECK_MESSAGE(outcome.code == 0, outcome.err << block);
      ++seen;
    } else if (inside) {
      block += line + '\n';
    }
  }
  CHECK(seen >= 7);
}

TEST_CASE("the check of the first experiment, its trace beside it") {
  const Folder folder;
  const auto outcome = folder.orrery(
      {"run", ORRERY_SOURCE_DIR "/workloads/experiments/fifo-check.yaml", "--out", "out"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("10 submitted, 10 finished") != std::string::npos);
}
