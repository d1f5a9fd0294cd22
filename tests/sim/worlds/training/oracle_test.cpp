// Agreement with the independent reference loop, job by job: tie-heavy random cases, and virtual
// clusters of the Philly trace with their nodes shrunk until jobs wait.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/reference_loop.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::Outcome;
using orrery::test::Scenario;

namespace {

struct Rules {
  std::string policy, queue, placement;  // an empty queue: the policy has one way only
};

std::vector<Rules> all_rules() {
  std::vector<Rules> all;
  for (const char* policy : {"fifo", "sjf", "srtf"})
    for (const char* queue : {"blocking", "skipping"})
      for (const char* placement : {"consolidated", "first_fit", "pooled"})
        all.push_back({policy, queue, placement});
  all.push_back({"easy", "", "pooled"});
  return all;
}

Outcome compare(const std::vector<reference::Job>& jobs, int nodes, int gpus_per_node,
                const Rules& rules) {
  Scenario scenario;
  scenario.node_group(nodes, gpus_per_node);
  for (const reference::Job& job : jobs) scenario.job(job.submit, job.gpus, job.duration);
  const std::string queue = rules.queue.empty() ? "" : "queue: " + rules.queue + ", ";
  scenario.with(rules.policy, "{" + queue + "placement: " + rules.placement + "}");
  Outcome ours = orrery::test::simulate(scenario);
  const auto theirs =
      reference::simulate(jobs, nodes, gpus_per_node, rules.policy, rules.queue, rules.placement);
  INFO(rules.policy, " ", rules.queue, " ", rules.placement, " on ", nodes, " nodes");
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    INFO("job ", j);
    REQUIRE(ours.start[j] == theirs[j].start);
    REQUIRE(ours.finish[j] == theirs[j].finish);
  }
  return ours;
}

std::vector<reference::Job> random_jobs(RandomStream& random, int largest) {
  std::vector<reference::Job> jobs(20 + random.below(40));
  double now = 0;
  for (reference::Job& job : jobs) {
    now += static_cast<double>(random.below(4));  // many at one instant
    // A few rows out of order: files need not be sorted.
    job.submit = now + (random.below(10) == 0 ? 5 : 0);
    const auto power = static_cast<int>(random.below(6));
    job.gpus = random.below(4) == 0
                   ? 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(largest)))
                   : std::min(largest, 1 << power);
    job.duration = static_cast<double>(1 + random.below(12));
  }
  return jobs;
}

std::filesystem::path data_folder() {
  const char* named = std::getenv("ORRERY_DATA");
  return named ? std::filesystem::path(named)
               : std::filesystem::path(ORRERY_SOURCE_DIR) / "../shared/data";
}

}  // namespace

TEST_CASE("random cases with many ties agree with the reference loop") {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "oracle");
    const int nodes = 1 + static_cast<int>(random.below(5));
    const int per_node = std::vector<int>{1, 2, 4, 8}[random.below(4)];
    const auto jobs = random_jobs(random, nodes * per_node);
    for (const Rules& rules : all_rules()) compare(jobs, nodes, per_node, rules);
  }
}

TEST_CASE("Philly's virtual clusters agree with the reference loop, job by job" *
          doctest::test_suite("accuracy")) {
  const auto folder = data_folder() / "traces/philly";
  if (!std::filesystem::exists(folder / "philly_jobs.csv.gz")) {
    MESSAGE("skipped: no Philly trace under ORRERY_DATA");
    return;
  }
  std::size_t cases = 0;
  std::size_t compared = 0;
  std::size_t waited = 0;
  for (const char* vc : {"6214e9", "7f04ca", "11cb48", "b436b2", "ee9e8c", "e13805", "6c71a0",
                         "2869ce", "103959", "0e4a51", "ed69ec"}) {
    const auto jobs = reference::read_philly((folder / "philly_jobs.csv.gz").string(), vc, 700);
    if (jobs.size() < 50) continue;
    double work = 0;
    int largest = 0;
    for (const reference::Job& job : jobs) {
      work += job.gpus * job.duration;
      largest = std::max(largest, job.gpus);
    }
    const double span = jobs.back().submit - jobs.front().submit;
    // Nodes for the mean demand only, so that jobs wait, yet enough for the largest job.
    const int nodes = std::max({1, (largest + 7) / 8, static_cast<int>(work / span / 8)});
    for (const Rules& rules : all_rules()) {
      INFO(vc, " on ", nodes, " nodes of 8");
      const auto outcome = compare(jobs, nodes, 8, rules);
      ++cases;
      compared += jobs.size();
      for (std::size_t j = 0; j < jobs.size(); ++j) waited += outcome.start[j] > jobs[j].submit;
    }
  }
  std::printf("Philly: %zu cases, %zu schedules of jobs equal to the second, %zu of them waited\n",
              cases, compared, waited);
  CHECK(cases > 0);
  CHECK(waited > compared / 20);
}
