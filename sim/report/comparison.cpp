#include "sim/report/comparison.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "sim/report/paired_samples.hpp"
#include "sim/report/run_json.hpp"
#include "sim/report/section_json.hpp"

namespace orrery::report {

namespace {

Json run_json(const ComparedRun& run) {
  Json out;
  out["directory"] = run.directory;
  put_run(out, run.summary);
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

std::string path_in(const std::string& root, const ComparedRun& run, const WorldResult& world,
                    const std::string& file) {
  std::string path = root;
  for (const std::string& part : {run.directory, folder_of(run.summary, world), file})
    if (!part.empty()) path += "/" + part;
  return path;
}

Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories) {
  Comparison comparison;
  for (const std::string& directory : directories)
    comparison.runs.push_back({directory, read_run(fmt::format("{}/{}", root, directory))});
  if (!comparison.runs.empty()) comparison.name = comparison.runs.front().summary.name;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<ComparedRun*>> groups;
  for (ComparedRun& run : comparison.runs)
    groups[{std::string(sweep_of(run)), run.summary.seed}].push_back(&run);
  for (const auto& [key, group] : groups) pair_samples(root, group);
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
    comparison.runs.push_back({run.path_inside("directory"), compared_run_from(run)});
  comparison.failed = fields.texts("failed");
  return comparison;
}

}  // namespace orrery::report
