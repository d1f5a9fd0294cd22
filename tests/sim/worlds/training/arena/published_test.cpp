// The quickest of the published results, where the data is at hand: FCFS, Gandiva and
// ElasticFlow-LS on PAI and Crius on Philly, every completion time at its position and, where it is
// published, the throughput of every round.
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

std::vector<double> published(const std::string& file, const std::string& trace,
                              const std::string& policy) {
  base::CsvReader csv((data() / "throughputs/arena" / file).string());
  std::vector<double> out;
  while (csv.next())
    if (csv[0] == trace && csv[1] == policy) out.push_back(csv.number(3));
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

struct Case {
  std::string trace;
  std::string policy;
  std::vector<std::string> sets;
  std::size_t finished = 0;
  std::size_t rounds = 0;
  std::string published_as = policy;  ///< in the reference files
};

void check_published(const Case& run) {
  CAPTURE(run.trace);
  CAPTURE(run.policy);
  const std::string file = ORRERY_SOURCE_DIR "/workloads/experiments/arena-" + run.trace + ".yaml";
  std::string folder = (fs::temp_directory_path() / "orrery-arena-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  std::size_t seen = 0;
  experiment::Expansion points(experiment::load_document(file, run.sets));
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].policy != run.policy) continue;
    ++seen;
    experiment::RunOptions options;
    options.out = (fs::path(folder) / run.policy).string();
    options.progress = false;
    options.report = false;
    experiment::run_point(points.point(i), options);
    const std::vector<double> expected =
        published("reference_jct.csv", run.trace, run.published_as);
    CHECK(expected.size() == run.finished);
    CHECK(completion_times(options.out) == expected);
    const std::vector<double> rounds = round_throughputs(options.out);
    CHECK(rounds.size() == run.rounds);
    const std::vector<double> throughputs =
        published("reference_cluster_throughput.csv", run.trace, run.published_as);
    if (!throughputs.empty()) CHECK(rounds == throughputs);
  }
  CHECK(seen == 1);
  fs::remove_all(folder);
}

bool has_data() {
  if (fs::exists(data() / "throughputs/arena/reference_jct.csv")) {
    ::setenv("ORRERY_DATA", data().c_str(), 1);
    return true;
  }
  MESSAGE("skipped: no throughputs/arena under " << data().string());
  return false;
}

}  // namespace

TEST_CASE("FCFS, Gandiva and ElasticFlow-LS on PAI equal the published results") {
  if (!has_data()) return;
  check_published({"pai", "fcfs", {}, 124, 500});
  // Gandiva's arrays go on until all jobs have ended.
  check_published({"pai", "gandiva", {"stop.at=exhaustion"}, 125, 670});
  check_published({"pai", "elasticflow-ls", {}, 95, 500, "elasticflow-l"});
}

TEST_CASE("Crius on Philly and its two ablations equal the published results") {
  if (!has_data()) return;
  check_published({"philly", "crius", {}, 828, 2000});
  check_published({"philly", "crius-ns", {}, 789, 2000});
  check_published({"philly", "crius-nh", {}, 689, 2000});
}
