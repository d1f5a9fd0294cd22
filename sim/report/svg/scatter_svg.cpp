// Points, a series each with its colour and mark.
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

struct Cloud {
  std::string name;
  std::vector<Point> points;
};

std::vector<Cloud> read_clouds(const Json& chart) {
  std::vector<Cloud> out;
  for (const Json& series : chart.at("series")) {
    Cloud& one = out.emplace_back();
    one.name = text_of(series, "name");
    for (const Json& point : series.at("points")) {
      if (!point.is_array() || point.size() < 2) continue;
      const Point at{number_of(point[0]), number_of(point[1])};
      if (std::isfinite(at.x) && std::isfinite(at.y)) one.points.push_back(at);
    }
  }
  return out;
}

/// Logarithmic where all values are positive and span decades, else linear with some room.
Axis axis_over(const Range& range, const std::string& unit, const std::string& what, int most) {
  if (range.low > 0 && range.high >= 1000 * range.low)
    return log_axis(range.low / 1.2, range.high * 1.2, unit, what);
  if (range.low == range.high) {
    const double around = std::max(std::abs(range.low) / 2, 0.5);
    return linear_axis(range.low - around, range.high + around, unit, what, most);
  }
  const double spare = 0.04 * (range.high / 2 - range.low / 2) * 2;
  const double low = range.low >= 0 && range.low < 0.5 * range.high ? 0 : range.low - spare;
  return linear_axis(low, range.high + spare, unit, what, most);
}

}  // namespace

std::string scatter_svg(const Json& chart, const SvgOptions& options) {
  const std::vector<Cloud> series = read_clouds(chart);
  Range x, y;
  std::size_t points = 0;
  std::vector<LegendEntry> legend;
  for (const Cloud& one : series) {
    legend.push_back({one.name, Sample::mark, legend.size()});
    points += one.points.size();
    for (const Point& point : one.points) {
      x.add(point.x);
      y.add(point.y);
    }
  }
  if (points == 0) return worded_picture(chart, options, kNoData);
  Drawing drawing(options.width, options.height, text_of(chart, "title"));
  ChartPicture picture(drawing, axis_over(x, text_of(chart, "x_unit"), text_of(chart, "x_name"), 7),
                       axis_over(y, text_of(chart, "y_unit"), text_of(chart, "y_name"), 5), legend,
                       12);
  const double size = points > 1000 ? 1.2 : 2;
  drawing.begin_clip(picture.plot());
  for (std::size_t i = 0; i < series.size(); ++i)
    for (const Point& point : series[i].points)
      drawing.mark(picture.at(point.x, point.y), i, size, series_colour(i));
  drawing.end_clip();
  return drawing.finish();
}

}  // namespace orrery::report
