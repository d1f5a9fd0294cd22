// The data of a chart, read from the files of runs and reduced to what a picture can show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/report/json_fields.hpp"
#include "sim/world/chart.hpp"

namespace orrery::report {

/// One run of a policy, as a chart reads it.
struct ChartRun {
  std::string path;  ///< of the chart's file
  std::uint64_t seed = 0;
  double end_seconds = 0;    ///< the clock at its end
  std::optional<double> of;  ///< how many values there could have been (Chart::of)
};

/// The runs of one policy: one a seed, at least one.
struct ChartSource {
  std::string policy;
  std::vector<ChartRun> runs;
};

/// How much a chart may hold.
struct ChartLimits {
  std::size_t quantiles = 1'000;  ///< a series
  std::size_t points = 600;       ///< instants of steps, a series
  std::size_t marks = 5'000;      ///< points of a scatter, a series
  std::size_t bars = 20'000;      ///< of lanes
  std::size_t rows = 512;         ///< of lanes: whole lanes, the lowest numbers first
};

/// The chart's object for the page and for pictures: key, kind, title, help, units, and the data of
/// its kind; `missing` instead of data where no run has the file. Nothing where the file has no
/// such columns. Distributions and bars are over all seeds, everything else of the first, which is
/// named where there are several. Throws base::Error when a file is damaged.
std::optional<Json> chart_json(const world::Chart& chart, const std::vector<ChartSource>& sources,
                               const ChartLimits& limits);

std::string to_string(world::Chart::Kind kind);
std::string to_string(world::Unit unit);
std::string to_string(world::Best best);

}  // namespace orrery::report
