#include "sim/report/comparison.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "sim/worlds/training/records/run_files.hpp"
#include "sim/worlds/training/records/summary_json.hpp"

namespace orrery::report {

namespace {

/// Completion times of one run's finished jobs.
struct FinishedJob {
  std::string id;
  double jct_seconds = 0;
};

std::vector<FinishedJob> finished_jobs(const std::string& run_directory) {
  std::vector<FinishedJob> out;
  for (JobRow& row : read_job_rows(run_directory + "/jobs.csv"))
    if (row.finished())
      out.push_back({std::move(row.id), *row.finish_seconds - row.submit_seconds});
  return out;
}

/// Fills `jct_common` of runs that were given the same jobs.
void compare_group(const std::string& root, const std::vector<ComparedRun*>& group) {
  std::vector<std::vector<FinishedJob>> finished;
  std::unordered_map<std::string, std::size_t> finished_in;
  for (const ComparedRun* run : group) {
    finished.push_back(finished_jobs(root + "/" + run->directory));
    for (const FinishedJob& job : finished.back()) ++finished_in[job.id];
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    std::vector<double> values;
    for (const FinishedJob& job : finished[i])
      if (finished_in[job.id] == group.size()) values.push_back(job.jct_seconds);
    group[i]->jct_common = distribution_of(values);
  }
}

ComparedRun read_run(const std::string& root, const std::string& directory) {
  const std::string path = root + "/" + directory;
  return {directory, read_summary(path + "/summary.json"),
          read_performance(path + "/performance.json"), std::nullopt};
}

Json run_json(const ComparedRun& run) {
  Json out;
  out["directory"] = run.directory;
  put_summary(out, run.summary);
  put_performance(out, run.performance);
  out["jct_seconds"]["common"] = distribution_json(run.jct_common);
  return out;
}

}  // namespace

std::string_view sweep_of(const ComparedRun& run) {
  const std::string_view directory = run.directory;
  const std::size_t seed = directory.rfind('/');
  if (seed == std::string_view::npos || seed == 0) return {};
  const std::size_t policy = directory.rfind('/', seed - 1);
  return policy == std::string_view::npos ? std::string_view() : directory.substr(0, policy);
}

Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories) {
  Comparison comparison;
  for (const std::string& directory : directories)
    comparison.runs.push_back(read_run(root, directory));
  if (!comparison.runs.empty()) comparison.name = comparison.runs.front().summary.name;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<ComparedRun*>> groups;
  for (ComparedRun& run : comparison.runs)
    groups[{std::string(sweep_of(run)), run.summary.seed}].push_back(&run);
  for (const auto& [key, group] : groups) compare_group(root, group);
  return comparison;
}

std::string to_json(const Comparison& comparison) {
  Json out;
  out["schema_version"] = Comparison::kSchemaVersion;
  out["name"] = comparison.name;
  Json& runs = out["runs"] = Json::array();
  for (const ComparedRun& run : comparison.runs) runs.push_back(run_json(run));
  out["failed"] = comparison.failed;
  return json_text(out);
}

Comparison read_comparison(const std::string& path) {
  const Json object = load_json_object(path);
  const JsonFields fields(object, path);
  fields.check_version(Comparison::kSchemaVersion);
  Comparison comparison;
  comparison.name = fields.text("name");
  for (const JsonFields& run : fields.objects("runs"))
    comparison.runs.push_back({run.text("directory"), summary_from(run), performance_from(run),
                               distribution_from(run.object("jct_seconds"), "common")});
  comparison.failed = fields.texts("failed");
  return comparison;
}

}  // namespace orrery::report
