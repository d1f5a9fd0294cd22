// One reader for each kind of chart: what it puts into the chart's object. Each returns false where
// a file has not the columns that the chart declares.
#pragma once

#include "sim/report/charts/chart_data.hpp"

namespace orrery::report {

/// `series: [{name, values: ascending quantiles at equal steps of p, n, of}]`.
bool put_distribution(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources,
                      const ChartLimits& limits);

/// `time, end, bin_seconds?, stacked, series: [{name, values, limit?}]`. Up to `points` changes are
/// kept as they are. Above, time is cut into as many equal intervals: values are means over each,
/// or the largest in it where a mean would hide peaks. A list whose values are all equal is written
/// as one number.
bool put_steps(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources,
               const ChartLimits& limits);

/// `labels, series: [{name, values}]`: means over seeds, with half widths where there are several.
bool put_bars(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources);

/// `rows, columns, values: [[..]]`, of the first source.
bool put_heat(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources);

/// `series: [{name, points: [[x, y]], labels?}]`.
bool put_scatter(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources,
                 const ChartLimits& limits);

/// `lanes: [{name, group, rows, first}], begin, unit, bars: [first row, rows, start, length, item,
/// ...], items, merged_below_seconds, merged_runs, hidden, runs`, of the first source. A start
/// counts units from the start of the bar before. Bars shorter than some width are merged, where
/// little but a gap of that width lies between them, into one bar with the item -n for n of them;
/// the width is 0 when all fit the limit. What overlaps in a row is always merged.
bool put_lanes(Json& out, const world::Chart& chart, const std::vector<ChartSource>& sources,
               const ChartLimits& limits);

}  // namespace orrery::report
