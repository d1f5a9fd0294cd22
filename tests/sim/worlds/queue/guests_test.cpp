// Replicas that a training policy places: every simple policy gives them room, takes them back at
// outages, and is left at the end.
#include <doctest/doctest.h>

#include "models/base/csv.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "tests/sim/app/command.hpp"

namespace {

using orrery::app::test::Folder;
using orrery::experiment::PreparedRun;
namespace base = orrery::base;

PreparedRun prepared(const Folder& folder, const std::string& policy) {
  std::string jobs = "job_id,submit_seconds,gpus,duration_seconds\n";
  for (int j = 0; j < 40; ++j)
    jobs += std::to_string(j) + "," + std::to_string(7 * j) + "," + std::to_string(1 + j % 4) +
            "," + std::to_string(20 + 13 * j % 50) + "\n";
  folder.write("jobs.csv", jobs);
  folder.write("outages.csv", "node,down_seconds,up_seconds\n0,50,120\n1,200,260\n");
  const std::string text =
      "name: guests\n"
      "platform: {nodes: [{count: 3, gpu: p100, gpus_per_node: 4}], failures: {trace: "
      "outages.csv}}\n"
      "worlds:\n"
      "  - {name: service, kind: queue, placed_by: train, servers: 2, requests: 600}\n"
      "  - {name: train, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: " +
      policy + "}}\n";
  return PreparedRun(base::parse_yaml(text, folder.path() + "/guests.yaml"));
}

}  // namespace

TEST_CASE("guests are placed, displaced by outages and leave, whatever the policy") {
  for (const char* policy : {"fifo", "easy", "sjf", "srtf", "las", "gandiva"}) {
    INFO(policy);
    const Folder folder;
    PreparedRun run = prepared(folder, policy);
    orrery::world::Records records;
    records.directory = folder.path();
    run.record(records);
    std::string fault;
    run.platform.engine.observe_progress(1, [&](const orrery::engine::Progress&) {
      if (fault.empty()) fault = run.platform.ledger.fault();
    });
    run.start();
    run.platform.engine.run();
    CHECK(fault == "");
    for (const auto& world : run.worlds) {
      CHECK_FALSE(world->open());
      CHECK(world->left_undone() == "");
      world->finish({run.platform.engine.now_seconds(), false});
    }
    CHECK(run.platform.ledger.held_milli(orrery::platform::HolderId(0)) == 0);
    base::CsvReader requests(folder.path() + "/service/requests.csv");
    std::size_t served = 0;
    while (requests.next()) ++served;
    CHECK(served == 600);
    base::CsvReader jobs(folder.path() + "/train/jobs.csv");
    std::size_t rows = 0;
    while (jobs.next()) ++rows;
    CHECK(rows == 42);
  }
}
