// Two worlds on one platform: devices are conserved at every event, flows of both share links,
// outages reach both, and each is told when it ends.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "models/base/csv.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "tests/sim/app/command.hpp"
#include "tests/sim/engine/in_child.hpp"

namespace {

using orrery::app::test::Folder;
using orrery::engine::testing::expect;
using orrery::engine::testing::in_child;
using orrery::experiment::PreparedRun;
namespace base = orrery::base;

const std::string kJobs =
    "job_id,submit_seconds,gpus,duration_seconds\na,0,4,50\nb,5,8,40\nc,20,2,30\nd,90,6,20\n";

/// `platform` and `queue` are keys of YAML.
PreparedRun queue_beside_training(const Folder& folder, const std::string& platform,
                                  const std::string& queue, const std::string& more = "") {
  folder.write("jobs.csv", kJobs);
  const std::string text =
      "name: mixed\nplatform: {nodes: [{count: 3, gpu: p100, gpus_per_node: "
      "4}], " +
      platform +
      "}\nworlds:\n"
      "  - {name: queue, kind: queue, " +
      queue +
      "}\n"
      "  - {name: train, workload: {trace: {format: csv, path: jobs.csv}}, "
      "policy: {name: fifo, queue: skipping}}\n" +
      more;
  return PreparedRun(base::parse_yaml(text, folder.path() + "/mixed.yaml"));
}

/// Runs to the end, looking at the ledger after every event.
void run_conserving(PreparedRun& run, const Folder& folder) {
  run.record({}, orrery::base::ResultFolder(folder.path()));
  run.platform.engine.observe_progress(1, [&](const orrery::engine::Progress& progress) {
    const std::string fault = run.platform.ledger.fault();
    expect(fault.empty(), "at event " + std::to_string(progress.events) + ": " + fault);
  });
  run.start();
  run.platform.engine.run();
  for (const auto& world : run.worlds) {
    expect(!world->open(), "every world has ended");
    world->finish({run.platform.engine.now_seconds(), false});
  }
  for (std::size_t h = 0; h < run.platform.ledger.holders(); ++h)
    expect(run.platform.ledger.held_milli(orrery::platform::HolderId(h)) == 0,
           "everything was given back");
}

}  // namespace

TEST_CASE("devices are conserved at every event, with and without outages") {
  const std::string outages = "failures: {trace: outages.csv}";
  for (const std::string& network : {std::string("network: isolated"),
                                     std::string("network: shared"), outages + ", network: shared"})
    CHECK(in_child([&] {
            const Folder folder;
            folder.write("outages.csv",
                         "node,down_seconds,up_seconds\n0,10,15\n1,12,60\n2,30,31\n0,70,75\n");
            PreparedRun run =
                queue_beside_training(folder, network, "requests: 300, servers: 3, request: 1 MB");
            run_conserving(run, folder);
          }) == "");
}

TEST_CASE("an outage reaches both worlds, and both go on elsewhere or later") {
  CHECK(in_child([] {
          const Folder folder;
          // The queue's only server is on node 0 until second 20; training's job a beside it.
          folder.write("outages.csv", "node,down_seconds,up_seconds\n0,20,1000\n");
          PreparedRun run =
              queue_beside_training(folder, "failures: {trace: outages.csv}",
                                    "interarrival: 1 s, service: 0.5 s, requests: 100");
          run_conserving(run, folder);
          base::CsvReader jobs(folder.path() + "/train/jobs.csv");
          const std::size_t interruptions = jobs.column("interruptions");
          double interrupted = 0;
          while (jobs.next()) interrupted += jobs.number(interruptions);
          expect(interrupted >= 1, "a training job was interrupted");
          expect(run.platform.engine.now_seconds() < 1000, "nothing waited for the repair");
        }) == "");
}

TEST_CASE("an outage goes on while any world is open") {
  CHECK(in_child([] {
          const Folder folder;
          // Training is over at second 110; the queue goes on until about 600.
          folder.write("outages.csv", "node,down_seconds,up_seconds\n0,400,410\n");
          PreparedRun run =
              queue_beside_training(folder, "failures: {trace: outages.csv}",
                                    "interarrival: 3 s, service: 0.5 s, requests: 200");
          std::set<double> down;
          run.platform.outages.observe(
              {[&](orrery::platform::NodeId) { down.insert(run.platform.engine.now_seconds()); },
               [](orrery::platform::NodeId) {}});
          run_conserving(run, folder);
          expect(down == std::set<double>{400}, "the node fails after training has ended");
        }) == "");
}
