// Which jobs a rule prunes: those it names, by draws that a larger share only adds to.
#include "workloads/pruned_jobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "models/base/document.hpp"

using namespace orrery;
using namespace orrery::workloads;

namespace {

TrainingWorkload workload(int jobs) {
  TrainingWorkload w;
  const char* models[] = {"bert__1.3B", "ResNet-50", "A3C", "fern"};
  for (int i = 0; i < jobs; ++i) {
    TrainingJob job;
    job.id = std::to_string(i);
    job.model = w.names.intern(models[i % 4]);
    job.iterations = 100;
    job.batch_samples = 64;
    w.jobs.push_back(job);
  }
  return w;
}

std::vector<PruningRule> rules(const std::string& yaml) {
  return read_pruning_rules(base::parse_yaml(yaml, "rules.yaml"));
}

std::set<std::string> pruned(const std::string& yaml, std::uint64_t seed = 7, int jobs = 400) {
  TrainingWorkload w = workload(jobs);
  prune_jobs(w, rules(yaml), seed);
  check_pruned_jobs(w);
  std::set<std::string> ids;
  for (const TrainingJob& job : w.jobs)
    if (!job.pruning.is_none()) ids.insert(job.id);
  return ids;
}

}  // namespace

TEST_CASE("a rule prunes the jobs whose products are known") {
  // Of four models two have products; a rule without models takes both.
  CHECK(pruned("{pattern: tw, sparsity: 0.75}").size() == 200);
  CHECK(pruned("{pattern: tw, sparsity: 0.75, models: [resnet-50]}").size() == 100);
  CHECK(pruned("{pattern: tw, sparsity: 0.75, share: 0}").empty());
}

TEST_CASE("a larger share prunes the same jobs and more") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    CAPTURE(seed);
    std::set<std::string> last;
    for (const char* share : {"0.1", "0.5", "0.9", "1"}) {
      const auto now =
          pruned(std::string("{pattern: bw, sparsity: 0.5, share: ") + share + "}", seed);
      CHECK(std::includes(now.begin(), now.end(), last.begin(), last.end()));
      CHECK(now.size() > last.size());
      last = now;
    }
  }
  const std::string half = "{pattern: bw, sparsity: 0.5, share: 0.5}";
  CHECK(pruned(half, 1) == pruned(half, 1));
  CHECK(pruned(half, 1) != pruned(half, 2));
}

TEST_CASE("the first rule that takes a job holds, and what a trace says stays") {
  TrainingWorkload w = workload(8);
  w.jobs[0].pruning = w.names.intern("ew/0.9");
  prune_jobs(w,
             rules("[{pattern: tvw, sparsity: 0.75, models: [bert__1.3B]},"
                   " {pattern: tw, sparsity: 0.5, tile_width: 64}]"),
             1);
  const auto text = [&](std::size_t job) { return std::string(w.names.text(w.jobs[job].pruning)); };
  CHECK(text(0) == "ew/0.9");
  CHECK(text(4) == "tvw/0.75/128");
  CHECK(text(5) == "tw/0.5/64");
  CHECK(text(2).empty());
  CHECK(w.notes.back() ==
        "4 of 8 jobs train a pruned model. 4 cannot: plain durations, or models of which only sums "
        "are known.");
}

TEST_CASE("a pruned job that nobody could price is refused") {
  TrainingWorkload w = workload(3);
  w.source = "jobs.csv";
  w.jobs[1].pruning = w.names.intern("tw/0.5/128");
  check_pruned_jobs(w);
  w.jobs[1].iterations = 0;
  CHECK_THROWS_WITH_AS(check_pruned_jobs(w), doctest::Contains("plain duration"), base::Error);
  w.jobs[1].iterations = 1;
  w.jobs[2].pruning = w.jobs[1].pruning;
  CHECK_THROWS_WITH_AS(check_pruned_jobs(w), doctest::Contains("only sums"), base::Error);
}
