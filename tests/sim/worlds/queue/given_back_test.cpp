// GPUs that another world gives back: every policy decides again, and what was free is told right.
#include <doctest/doctest.h>

#include "models/base/csv.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/worlds/training/policy.hpp"
#include "tests/sim/app/command.hpp"

namespace {

using orrery::app::test::Folder;
namespace base = orrery::base;

/// Runs two training worlds on one node of 8 GPUs: `left` holds 6 of them until second 1000, two
/// jobs of `right` that ask for 4 wait for them.
void run(const Folder& folder, const std::string& policy) {
  folder.write("left.csv", "job_id,submit_seconds,gpus,duration_seconds\na,0,6,1000\n");
  folder.write("right.csv",
               "job_id,submit_seconds,gpus,duration_seconds\nb1,10,4,100\nb2,20,4,100\n");
  const std::string text =
      "name: given-back\nplatform: {nodes: [{count: 1, gpu: p100, gpus_per_node: 8}]}\nworlds:\n"
      "  - {name: left, workload: {trace: {format: csv, path: left.csv}}, policy: {name: fifo}}\n"
      "  - {name: right, workload: {trace: {format: csv, path: right.csv}}, policy: {name: " +
      policy + "}, without_throughput: proportional}\n";
  orrery::experiment::PreparedRun prepared(
      base::parse_yaml(text, folder.path() + "/given-back.yaml"));
  prepared.record({}, orrery::base::ResultFolder(folder.path()));
  prepared.start();
  prepared.platform.engine.run(1e6);
  for (const auto& world : prepared.worlds) {
    CHECK_FALSE(world->open());
    world->finish({prepared.platform.engine.now_seconds(), false});
  }
}

}  // namespace

TEST_CASE("every policy starts jobs on GPUs that another world gives back") {
  for (const auto* policy : orrery::training::policies()) {
    INFO(policy->name);
    const Folder folder;
    run(folder, policy->name);
    base::CsvReader jobs(folder.path() + "/right/jobs.csv");
    const std::size_t start = jobs.column("start_seconds");
    while (jobs.next()) {
      CHECK(jobs.number(start) >= 1000);
      CHECK(jobs.number(start) <= 2000);
    }
  }
}

TEST_CASE("what is free leaves out what another world holds") {
  const Folder folder;
  run(folder, "fifo");
  base::CsvReader decisions(folder.path() + "/right/decisions.csv");
  const std::size_t kind = decisions.column("kind");
  const std::size_t free = decisions.column("free_gpus");
  std::size_t waits = 0;
  while (decisions.next()) {
    if (decisions[kind] != "waits") continue;
    ++waits;
    CHECK(decisions.number(free) == 2);
  }
  CHECK(waits == 2);
}
