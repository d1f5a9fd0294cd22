#include "sim/report/charts/chart_data.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/report/charts/kinds.hpp"
#include "sim/report/file_exists.hpp"

namespace orrery::report {

using world::Best;
using world::Chart;
using world::Unit;
using Kind = Chart::Kind;

std::string to_string(Kind kind) {
  switch (kind) {
    case Kind::distribution:
      return "distribution";
    case Kind::steps:
      return "steps";
    case Kind::bars:
      return "bars";
    case Kind::heat:
      return "heat";
    case Kind::scatter:
      return "scatter";
    case Kind::lanes:
      return "lanes";
  }
  return {};
}

std::string to_string(Unit unit) {
  switch (unit) {
    case Unit::count:
      return "count";
    case Unit::number:
      return "number";
    case Unit::seconds:
      return "seconds";
    case Unit::bytes:
      return "bytes";
    case Unit::share:
      return "share";
    case Unit::per_second:
      return "per_second";
    case Unit::ratio:
      return "ratio";
  }
  return {};
}

std::string to_string(Best best) {
  return best == Best::none ? "none" : best == Best::least ? "least" : "most";
}

namespace {

bool put_data(Json& out, const Chart& chart, const std::vector<ChartSource>& sources,
              const ChartLimits& limits) {
  switch (chart.kind) {
    case Kind::distribution:
      return put_distribution(out, chart, sources, limits);
    case Kind::steps:
      return put_steps(out, chart, sources, limits);
    case Kind::bars:
      return put_bars(out, chart, sources);
    case Kind::heat:
      return put_heat(out, chart, sources);
    case Kind::scatter:
      return put_scatter(out, chart, sources, limits);
    case Kind::lanes:
      return put_lanes(out, chart, sources, limits);
  }
  return false;
}

/// The runs whose records have the file.
std::vector<ChartSource> recorded(const std::vector<ChartSource>& sources) {
  std::vector<ChartSource> out;
  for (const ChartSource& source : sources) {
    ChartSource kept{source.policy, {}};
    for (const ChartRun& run : source.runs)
      if (file_exists(run.path)) kept.runs.push_back(run);
    if (!kept.runs.empty()) out.push_back(std::move(kept));
  }
  return out;
}

}  // namespace

std::optional<Json> chart_json(const Chart& chart, const std::vector<ChartSource>& sources,
                               const ChartLimits& limits) {
  assert(!sources.empty());
  Json out{{"key", chart.key},
           {"kind", to_string(chart.kind)},
           {"title", chart.title},
           {"help", chart.help},
           {"x_unit", to_string(chart.x_unit)},
           {"y_unit", to_string(chart.y_unit)}};
  for (const auto& [word, text] :
       {std::pair<const char*, const std::string&>{"x_name", chart.x_name},
        {"y_name", chart.y_name},
        {"limit_name", chart.limit_name},
        {"row_name", chart.row_name},
        {"item_name", chart.item_name}})
    if (!text.empty()) out[word] = text;
  const std::vector<ChartSource> known = recorded(sources);
  if (known.empty()) {
    out["missing"] = "Not recorded in this run.";
    return out;
  }
  const bool over_seeds = chart.kind == Kind::distribution || chart.kind == Kind::bars;
  const auto seeds = [](const ChartSource& source) { return source.runs.size() > 1; };
  if (!over_seeds && std::ranges::any_of(known, seeds))
    out["seed"] = known.front().runs.front().seed;
  if (!put_data(out, chart, known, limits)) return std::nullopt;
  return out;
}

}  // namespace orrery::report
