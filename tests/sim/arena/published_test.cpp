// The shortest of the published results, where the data is at hand: FCFS, Gandiva and
// ElasticFlow-LS on PAI, every completion time at its position and, but for Gandiva, the throughput
// of every round.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "models/base/csv.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

fs::path data() {
  const char* set = std::getenv("ORRERY_DATA");
  if (set != nullptr && *set != '\0') return set;
  return fs::path(ORRERY_SOURCE_DIR) / "../shared/data";
}

std::vector<double> published(const std::string& file, const std::string& policy) {
  base::CsvReader csv((data() / "throughputs/arena" / file).string());
  std::vector<double> out;
  while (csv.next())
    if (csv[0] == "pai" && csv[1] == policy) out.push_back(csv.number(3));
  return out;
}

std::vector<double> completion_times(const std::string& folder) {
  std::map<std::string, double, std::less<>> submitted;
  base::CsvReader jobs(folder + "/jobs.csv");
  while (jobs.next()) submitted[std::string(jobs[0])] = jobs.number(1);
  base::CsvReader spans(folder + "/allocations.csv");
  const std::size_t end = spans.column("end_seconds");
  const std::size_t ended_by = spans.column("ended_by");
  std::set<std::string, std::less<>> seen;  // a span has a row for each of its nodes
  std::vector<double> out;
  while (spans.next())
    if (spans[ended_by] == "finished" && seen.emplace(spans[0]).second)
      out.push_back(spans.number(end) - submitted.find(spans[0])->second);
  return out;
}

std::vector<double> round_throughputs(const std::string& folder) {
  base::CsvReader rounds(folder + "/rounds.csv");
  std::vector<double> out;
  while (rounds.next()) out.push_back(rounds.number(1));
  return out;
}

}  // namespace

TEST_CASE("FCFS, Gandiva and ElasticFlow-LS on PAI equal the published results") {
  if (!fs::exists(data() / "throughputs/arena/reference_jct.csv")) {
    MESSAGE("skipped: no throughputs/arena under " << data().string());
    return;
  }
  ::setenv("ORRERY_DATA", data().c_str(), 1);
  const std::string file = ORRERY_SOURCE_DIR "/workloads/experiments/arena-pai.yaml";
  std::string folder = (fs::temp_directory_path() / "orrery-arena-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  for (const std::string policy : {"fcfs", "gandiva", "elasticflow-ls"}) {
    const std::string published_as = policy == "elasticflow-ls" ? "elasticflow-l" : policy;
    // Gandiva's arrays go on until all jobs have ended.
    const std::vector<std::string> sets = policy == "gandiva"
                                              ? std::vector<std::string>{"stop.at=exhaustion"}
                                              : std::vector<std::string>{};
    for (const auto& point : experiment::expand(experiment::load_document(file, sets))) {
      if (point.policy != policy) continue;
      experiment::RunOptions options;
      options.out = (fs::path(folder) / policy).string();
      options.progress = false;
      options.report = false;
      experiment::run_point(point, options);
      const std::vector<double> expected = published("reference_jct.csv", published_as);
      const std::map<std::string, std::size_t> finished = {
          {"fcfs", 124}, {"gandiva", 125}, {"elasticflow-ls", 95}};
      CHECK(expected.size() == finished.at(policy));
      CHECK(completion_times(options.out) == expected);
      if (policy == "gandiva")
        CHECK(round_throughputs(options.out).size() == 670);
      else
        CHECK(round_throughputs(options.out) ==
              published("reference_cluster_throughput.csv", published_as));
    }
  }
  fs::remove_all(folder);
}
