#include "sim/report/report_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/text_file.hpp"
#include "sim/report/policy_group.hpp"
#include "sim/report/report_numbers.hpp"
#include "sim/report/report_tables.hpp"
#include "sim/worlds/training/page/gantt_data.hpp"
#include "sim/worlds/training/page/timeline_data.hpp"
#include "sim/worlds/training/records/basis_json.hpp"
#include "sim/worlds/training/records/run_files.hpp"

namespace orrery::report {

namespace {

// What a page may hold, shared by its policies: it stays near 3 MB for 64,000 jobs.
constexpr std::size_t kBars = 60'000;
constexpr std::size_t kMostBars = 20'000;
constexpr std::size_t kQuantiles = 10'000;
constexpr std::size_t kMostQuantiles = 1'000;
constexpr std::size_t kPoints = 6'000;
constexpr std::size_t kMostPoints = 600;

/// The share of one of `series` in `all`, within bounds.
std::size_t share(std::size_t all, std::size_t series, std::size_t least, std::size_t most) {
  return std::clamp(all / std::max<std::size_t>(series, 1), least, most);
}

std::string path_in(const std::string& root, const ComparedRun& run, const char* file) {
  return run.directory.empty() ? root + "/" + file : root + "/" + run.directory + "/" + file;
}

Json quantiles_json(std::vector<double>& values, std::size_t most) {
  Json out = Json::array();
  if (values.empty()) return out;
  std::sort(values.begin(), values.end());
  const std::size_t points = std::min(values.size(), most);
  for (std::size_t i = 0; i < points; ++i) {
    const double p = points == 1 ? 0 : static_cast<double>(i) / static_cast<double>(points - 1);
    out.push_back(significant(percentile(values, p), 5));
  }
  return out;
}

/// Quantiles over the finished jobs of all seeds.
Json cdf_json(const std::string& root, const PolicyGroup& group, std::size_t points) {
  std::vector<double> jct;
  std::vector<double> wait;
  for (const ComparedRun* run : group.runs) {
    for (const JobRow& row : read_job_rows(path_in(root, *run, "jobs.csv"))) {
      if (!row.finished()) continue;
      jct.push_back(*row.finish_seconds - row.submit_seconds);
      wait.push_back(*row.wait_seconds);
    }
  }
  return {{"jct", quantiles_json(jct, points)}, {"wait", quantiles_json(wait, points)}};
}

/// One run: its name, and what its speeds rested on.
Json run_json(const ComparedRun& run) {
  const Summary& summary = run.summary;
  Json out{{"directory", run.directory}, {"run_id", summary.run_id}, {"seed", summary.seed}};
  if (const auto& origins = summary.throughput)
    out["throughput"] = {{"measured", origins->measured},
                         {"derived", origins->derived},
                         {"estimated", origins->estimated}};
  if (const auto& sharing = summary.sharing)
    out["sharing"] = {{"jobs", sharing->jobs},
                      {"mean", sharing->mean_slowdown},
                      {"worst", sharing->worst_slowdown}};
  return out;
}

/// The parts of the page that grow with the runs, and what they share.
struct SeriesWriter {
  const std::string& root;
  std::size_t series;
  JobNames names = {};

  Json write(const PolicyGroup& group) {
    const ComparedRun& first = *group.runs.front();
    Json out;
    out["policy"] = group.policy;
    Json& runs = out["runs"] = Json::array();
    for (const ComparedRun* run : group.runs) runs.push_back(run_json(*run));
    out["table"] = table_json(group);
    out["cdf"] = cdf_json(root, group, share(kQuantiles, series, 100, kMostQuantiles));
    out["timeline"] =
        timeline_json(path_in(root, first, "timeline.csv"), first.summary.simulated_seconds,
                      share(kPoints, series, 100, kMostPoints));
    GanttLimits limits;
    limits.bars = share(kBars, series, 1'000, kMostBars);
    out["gantt"] = gantt_json(path_in(root, first, "allocations.csv"), limits, names);
    return out;
  }
};

/// The resolved experiment, and its workload and cluster alone.
void put_experiment(Json& out, const std::string& root, const Comparison& comparison) {
  std::string path = root + "/experiment.yaml";
  if (!file_exists(path) && !comparison.runs.empty())
    path = path_in(root, comparison.runs.front(), "experiment.yaml");
  if (!file_exists(path)) return;
  out["experiment"] = base::read_text_file(path);
  const base::Node document = base::load_yaml(path);
  if (!document.is_mapping()) return;
  for (const char* key : {"workload", "cluster"})
    if (const base::Node* node = document.find(key)) out[key] = base::to_yaml(*node);
  if (const base::Node* node = document.find("description")) out["description"] = node->text;
}

/// Each note once; one that does not hold at every point of the sweep with the points where it
/// does.
Json notes_json(const Comparison& comparison) {
  std::set<std::string_view> points;
  std::vector<std::pair<std::string, std::set<std::string_view>>> notes;
  for (const ComparedRun& run : comparison.runs) {
    points.insert(sweep_of(run));
    for (const std::string& note : run.summary.notes) {
      const auto known = std::ranges::find(notes, note, &decltype(notes)::value_type::first);
      auto& at =
          known == notes.end() ? notes.emplace_back(note, std::set<std::string_view>{}) : *known;
      at.second.insert(sweep_of(run));
    }
  }
  Json out = Json::array();
  for (const auto& [note, at] : notes)
    out.push_back(at == points ? note : fmt::format("{}: {}", fmt::join(at, ", "), note));
  return out;
}

/// What the speeds of all runs rest on, each row once; nothing where no run says it.
void put_basis(Json& out, const Comparison& comparison) {
  Json devices = Json::array();
  Json pruned = Json::array();
  const auto add = [](Json& to, const Json& rows) {
    for (const Json& row : rows)
      if (std::find(to.begin(), to.end(), row) == to.end()) to.push_back(row);
  };
  for (const ComparedRun& run : comparison.runs) {
    add(devices, devices_json(run.summary.devices));
    add(pruned, pruned_json(run.summary.pruned));
  }
  if (!devices.empty()) out["devices"] = std::move(devices);
  if (!pruned.empty()) out["pruned"] = std::move(pruned);
}

Comparison read_input(const std::string& directory, bool& compared) {
  compared = file_exists(directory + "/comparison.json");
  if (compared) return read_comparison(directory + "/comparison.json");
  if (!file_exists(directory + "/summary.json"))
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory written by 'orrery run' or 'orrery compare', found "
                      "neither summary.json nor comparison.json in it");
  ComparedRun run;
  run.summary = read_summary(directory + "/summary.json");
  run.performance = read_performance(directory + "/performance.json");
  Comparison out;
  out.name = run.summary.name;
  out.runs.push_back(std::move(run));
  return out;
}

}  // namespace

Json report_data(const std::string& directory) {
  bool compared = false;
  const Comparison comparison = read_input(directory, compared);
  const std::vector<PolicyGroup> groups = policy_groups(comparison);
  SeriesWriter writer{directory, groups.size()};
  Json out;
  out["kind"] = compared ? "comparison" : "run";
  out["name"] = comparison.name;
  put_experiment(out, directory, comparison);
  Json& sweeps = out["sweeps"] = Json::array();
  for (const std::vector<PolicyGroup>& sweep : by_sweep(groups)) {
    Json series = Json::array();
    for (const PolicyGroup& group : sweep) series.push_back(writer.write(group));
    sweeps.push_back(Json{{"name", sweep.front().sweep}, {"series", std::move(series)}});
  }
  out["job_names"] = writer.names.list();
  out["notes"] = notes_json(comparison);
  put_basis(out, comparison);
  out["failed"] = comparison.failed;
  return out;
}

}  // namespace orrery::report
