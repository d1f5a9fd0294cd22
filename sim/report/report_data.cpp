#include "sim/report/report_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/text_file.hpp"
#include "sim/report/breakdown_tables.hpp"
#include "sim/report/charts/chart_data.hpp"
#include "sim/report/file_exists.hpp"
#include "sim/report/page_sentences.hpp"
#include "sim/report/page_tables.hpp"
#include "sim/report/paired_samples.hpp"
#include "sim/report/policy_tables.hpp"
#include "sim/report/ranking.hpp"
#include "sim/report/side_by_side.hpp"

namespace orrery::report {

using world::Chart;
using world::Figure;
using world::Section;

namespace {

// What a page may hold, shared by its policies: it stays near 3 MB for 64,000 jobs.
constexpr std::size_t kBars = 60'000;
constexpr std::size_t kQuantiles = 10'000;
constexpr std::size_t kPoints = 6'000;
constexpr std::size_t kMarks = 20'000;
// Of policies at points of a sweep that are drawn: nobody looks at more, and each takes a place.
constexpr std::size_t kGroups = 200;

/// The share of one of `series` in `all`, within bounds.
std::size_t share(std::size_t all, std::size_t series, std::size_t least, std::size_t most) {
  return std::clamp(all / std::max<std::size_t>(series, 1), least, most);
}

ChartLimits limits_for(std::size_t series) {
  const ChartLimits most;
  ChartLimits out;
  out.quantiles = share(kQuantiles, series, 100, most.quantiles);
  out.points = share(kPoints, series, 100, most.points);
  out.marks = share(kMarks, series, 500, most.marks);
  out.bars = share(kBars, series, 1'000, most.bars);
  return out;
}

std::optional<double> value_of(const ComparedWorld& world, const std::string& key) {
  const std::vector<Figure>& figures = world.declared->figures;
  const auto found = std::ranges::find(figures, key, &Figure::key);
  if (found == figures.end()) return std::nullopt;
  return world.figures[static_cast<std::size_t>(found - figures.begin())];
}

/// One world of a report at one point of a sweep.
class WorldData {
 public:
  WorldData(const std::string& root, std::size_t world, const ChartLimits& limits)
      : root_(root), world_(world), limits_(limits) {}

  Json write(const std::vector<PolicyGroup>& policies) const {
    const Section& section = *policies.front().world(world_).declared;
    const bool several = policies.size() > 1;
    Json out;
    out["name"] = policies.front().sweep;
    out["headline"] = several ? headline(policies, world_) : "";
    out["tiles"] = several ? Json::array() : tiles_json(policies.front(), world_);
    Json& tables = out["tables"] = Json::array();
    tables.push_back(table_json(overview_table(policies, world_)));
    for (const ShownTable& table : group_tables(policies, world_))
      tables.push_back(table_json(table));
    for (const ShownTable& table : breakdown_tables(policies, world_))
      tables.push_back(table_json(table));
    out["charts"] =
        charts_json(section, true, std::span(policies).first(std::min(policies.size(), kGroups)));
    for (Json& chart : breakdown_charts(policies, world_))
      out["charts"].push_back(std::move(chart));
    Json& series = out["series"] = Json::array();
    const std::size_t drawn = std::min(policies.size(), kGroups);
    for (const PolicyGroup& policy : std::span(policies).first(drawn))
      series.push_back({{"policy", policy.policy},
                        {"charts", charts_json(section, false, std::span(&policy, 1))},
                        {"tables", Json::array()}});
    return out;
  }

 private:
  ChartSource source_of(const PolicyGroup& policy, const Chart& chart) const {
    ChartSource source{policy.policy, {}};
    for (const ComparedRun* run : policy.runs) {
      const ComparedWorld& world = run->worlds[world_];
      source.runs.push_back({path_in(root_, *run, world, chart.file), run->summary.seed,
                             run->summary.simulated_seconds, value_of(world, chart.of)});
    }
    return source;
  }

  Json charts_json(const Section& section, bool compared,
                   std::span<const PolicyGroup> policies) const {
    Json out = Json::array();
    for (const Chart& chart : section.charts) {
      if (chart.compared != compared) continue;
      std::vector<ChartSource> sources;
      for (const PolicyGroup& policy : policies) sources.push_back(source_of(policy, chart));
      if (auto json = chart_json(chart, sources, limits_)) out.push_back(std::move(*json));
    }
    return out;
  }

  const std::string& root_;
  std::size_t world_;
  ChartLimits limits_;
};

Json definitions_json(const Section& section) {
  Json out = Json::array();
  for (const world::Definition& definition : section.definitions)
    out.push_back(Json::array({definition.term, definition.text}));
  out.push_back(
      Json::array({"Percentiles",
                   "Interpolated linearly between ranks (type 7). Distributions are drawn "
                   "through at most 1,000 quantiles."}));
  return out;
}

/// How many points of a sweep are shown one by one: as many as have kGroups lines together.
std::size_t shown_points(const std::vector<std::vector<PolicyGroup>>& sweeps) {
  std::size_t points = 0;
  std::size_t groups = 0;
  for (; points < sweeps.size(); ++points) {
    groups += sweeps[points].size();
    if (groups > kGroups) break;
  }
  return std::max<std::size_t>(points, 1);
}

Json world_json(const std::string& root, const Comparison& comparison,
                const std::vector<std::vector<PolicyGroup>>& sweeps, std::size_t world,
                const ChartLimits& limits) {
  const ComparedWorld& first = sweeps.front().front().world(world);
  const Section& declared = *first.declared;
  Json out;
  out["name"] = first.name;
  out["title"] = first.name.empty() ? declared.title : first.name + ": " + declared.title;
  out["notes"] = world_notes(comparison, world);
  out["definitions"] = definitions_json(declared);
  out["tables"] = basis_tables(comparison, world);
  Json& points = out["sweeps"] = Json::array();
  const WorldData data(root, world, limits);
  for (const auto& policies : std::span(sweeps).first(shown_points(sweeps)))
    points.push_back(data.write(policies));
  return out;
}

/// What the page says of points and policies that it has no place for; empty: it has all.
std::string not_shown(const std::vector<std::vector<PolicyGroup>>& sweeps) {
  std::string text;
  if (const std::size_t points = shown_points(sweeps); points < sweeps.size())
    text += fmt::format(
        " Charts and tables of single points: the first {} of {}; the table of the "
        "sweep has all.",
        points, sweeps.size());
  if (const std::size_t policies = sweeps.front().size(); policies > kGroups)
    text += fmt::format(" Charts: the first {} of {} policies.", kGroups, policies);
  return text;
}

/// Of a sweep: all its points. Of several worlds: what they share.
Json overview_json(const std::vector<std::vector<PolicyGroup>>& sweeps) {
  Json out = Json::array();
  const ComparedRun& run = *sweeps.front().front().runs.front();
  if (sweeps.size() > 1)
    for (std::size_t world = 0; world < run.worlds.size(); ++world)
      out.push_back(table_json(sweep_table(sweeps, world)));
  for (const auto& policies : std::span(sweeps).first(shown_points(sweeps))) {
    const ShownTable shared = shared_table(policies);
    if (!shared.columns.empty()) out.push_back(table_json(shared));
  }
  return out;
}

/// The resolved experiment, and its parts alone.
void put_experiment(Json& out, const std::string& root, const Comparison& comparison) {
  std::string path = root + "/experiment.yaml";
  if (!file_exists(path) && !comparison.runs.empty())
    path = root + "/" + comparison.runs.front().directory + "/experiment.yaml";
  out["setup"] = Json::array();
  if (!file_exists(path)) return;
  out["experiment"] = base::read_text_file(path);
  const base::Node document = base::load_yaml(path);
  if (!document.is_mapping()) return;
  if (const base::Node* node = document.find("description")) out["description"] = node->text;
  out["setup"] = setup_json(document);
}

/// Over which runs and subjects the tables go, and what their intervals are.
Json reading(const Comparison& comparison, const SideBySide& shown) {
  Json out = shown.notes;
  for (std::string& sentence : common_sentences(comparison)) out.push_back(std::move(sentence));
  if (std::string intervals = interval_sentence(shown.groups); !intervals.empty())
    out.push_back(std::move(intervals));
  return out;
}

Comparison read_input(const std::string& directory, bool& compared) {
  compared = file_exists(directory + "/comparison.json");
  if (compared) return read_comparison(directory + "/comparison.json");
  if (!file_exists(directory + "/summary.json"))
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory written by 'orrery run' or 'orrery compare', found "
                      "neither summary.json nor comparison.json in it");
  Comparison out;
  out.runs.push_back(report::compared("", read_run(directory)));
  out.name = out.runs.front().summary.name;
  pair_samples(directory, out);
  return out;
}

}  // namespace

Json report_data(const std::string& directory) {
  bool compared = false;
  const Comparison comparison = read_input(directory, compared);
  const SideBySide shown = side_by_side(comparison);
  const std::vector<PolicyGroup>& groups = shown.groups;
  Json out;
  out["kind"] = compared ? "comparison" : "run";
  out["name"] = comparison.name;
  out["lead"] = lead(comparison);
  out["description"] = "";
  out["experiment"] = "";
  put_experiment(out, directory, comparison);
  out["failed"] = comparison.failed;
  // An ordered object moves its members when one is added: no reference to one outlives that.
  out["worlds"] = Json::array();
  out["overview"] = Json::array();
  out["costs"] = Json::array();
  out["runs"] = table_json(runs_table(policy_groups(comparison)));
  if (groups.empty()) return out;
  const auto sweeps = by_sweep(groups);
  out["lead"] = lead(comparison) + not_shown(sweeps);
  out["reading"] = reading(comparison, shown);
  const ChartLimits limits = limits_for(std::min(groups.size(), kGroups));
  for (std::size_t world = 0; world < groups.front().runs.front()->worlds.size(); ++world)
    out["worlds"].push_back(world_json(directory, comparison, sweeps, world, limits));
  out["overview"] = overview_json(sweeps);
  for (const ShownTable& table : cost_tables(groups)) out["costs"].push_back(table_json(table));
  return out;
}

}  // namespace orrery::report
