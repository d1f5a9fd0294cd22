// Training policies beside a service: its replicas take GPUs themselves, or a policy places them,
// loses them to outages, and is left at the end.
#include <doctest/doctest.h>

#include "models/base/csv.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/worlds/training/policy.hpp"
#include "tests/sim/app/command.hpp"

namespace {

using orrery::app::test::Folder;
using orrery::experiment::PreparedRun;
namespace base = orrery::base;

/// A queue of two servers beside forty jobs; `placed` says whether training's policy places it.
PreparedRun service_beside_training(const Folder& folder, const std::string& policy, bool placed) {
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
      "  - {name: service, kind: queue, " +
      std::string(placed ? "placed_by: train, " : "") +
      "servers: 2, requests: 600}\n"
      "  - {name: train, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: " +
      policy + "}, without_throughput: proportional}\n";
  return PreparedRun(base::parse_yaml(text, folder.path() + "/guests.yaml"));
}

}  // namespace

TEST_CASE("every policy lives beside a world that takes GPUs, and places replicas for it") {
  for (const auto* policy : orrery::training::policies()) {
    for (const bool placed : {false, true}) {
      INFO(policy->name, placed ? ", placed by it" : ", beside it");
      const Folder folder;
      PreparedRun run = service_beside_training(folder, policy->name, placed);
      run.record({}, orrery::base::ResultFolder(folder.path()));
      std::string fault;
      run.platform.engine.observe_progress(1, [&](const orrery::engine::Progress&) {
        if (fault.empty()) fault = run.platform.ledger.fault();
      });
      run.start();
      run.platform.engine.run(1e6);
      CHECK(fault == "");
      for (const auto& world : run.worlds) {
        CHECK_FALSE(world->open());
        world->finish({run.platform.engine.now_seconds(), false});
        CHECK(world->left_undone() == "");
      }
      for (std::size_t h = 0; h < run.platform.ledger.holders(); ++h)
        CHECK(run.platform.ledger.held_milli(orrery::platform::HolderId(h)) == 0);
      base::CsvReader requests(folder.path() + "/service/requests.csv");
      std::size_t served = 0;
      while (requests.next()) ++served;
      CHECK(served == 600);
    }
  }
}
