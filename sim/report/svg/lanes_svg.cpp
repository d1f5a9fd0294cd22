// What held which rows of a lane from when to when.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

struct LaneBar {
  double from = 0, to = 0;
  double row = 0, rows = 1;
  std::int64_t item = 0;  // below zero: merged runs
};

std::vector<LaneBar> read_bars(const Json& chart) {
  constexpr std::size_t kNumbers = 5;
  const std::vector<double> flat = numbers_of(chart, "bars");
  const double begin = number_of(chart.value("begin", Json(0)));
  const double unit = number_of(chart.value("unit", Json(1)));
  std::vector<LaneBar> out;
  double start = 0;
  for (std::size_t i = 0; i + kNumbers <= flat.size(); i += kNumbers) {
    start += flat[i + 2];
    LaneBar bar;
    bar.row = flat[i];
    bar.rows = flat[i + 1];
    bar.from = begin + start * unit;
    bar.to = bar.from + flat[i + 3] * unit;
    bar.item = std::isfinite(flat[i + 4]) ? static_cast<std::int64_t>(flat[i + 4]) : 0;
    if (std::isfinite(bar.from) && std::isfinite(bar.to) && std::isfinite(bar.row + bar.rows))
      out.push_back(bar);
  }
  return out;
}

/// Rows from the top; a tick in the middle of each lane that there is room for.
Axis lane_axis(const Json& chart, double height) {
  Axis out;
  out.grid = false;
  double rows = 0;
  for (const Json& lane : chart.at("lanes"))
    rows = std::max(rows, number_of(lane.at("first")) + number_of(lane.at("rows")));
  out.high = std::max(rows, 1.0);
  const double fit = std::max(std::floor(height / 9), 1.0);
  const auto every = static_cast<std::size_t>(
      std::max(std::ceil(static_cast<double>(chart.at("lanes").size()) / fit), 1.0));
  std::size_t i = 0;
  for (const Json& lane : chart.at("lanes"))
    if (i++ % every == 0)
      out.ticks.push_back({out.high - number_of(lane.at("first")) - number_of(lane.at("rows")) / 2,
                           shortened(text_of(lane, "name"), 20)});
  return out;
}

std::string_view item_colour(std::int64_t item) {
  // Nine of the ten: black ones would read as axes.
  constexpr std::size_t kBlack = 5;
  if (item < 0) return "#bbbbbb";
  const std::size_t colour = static_cast<std::size_t>(item) % 9;
  return series_colour(colour < kBlack ? colour : colour + 1);
}

}  // namespace

std::string lanes_svg(const Json& chart, const SvgOptions& options) {
  const std::vector<LaneBar> bars = read_bars(chart);
  if (bars.empty()) return worded_picture(chart, options, kNoData);
  Range time;
  for (const LaneBar& bar : bars) {
    time.add(bar.from);
    time.add(bar.to);
  }
  // Many rows need a taller picture to be told apart.
  const Axis probe = lane_axis(chart, options.height);
  const double height = std::clamp(4 * probe.high + 40, options.height, 1.6 * options.height);
  Drawing drawing(options.width, height, text_of(chart, "title"));
  ChartPicture picture(drawing, time_axis(time.low, time.high), lane_axis(chart, height - 40), {},
                       12);
  const double rows = probe.high;
  drawing.begin_clip(picture.plot());
  for (const LaneBar& bar : bars) {
    const Point top = picture.at(bar.from, rows - bar.row);
    const Point bottom = picture.at(bar.to, rows - bar.row - bar.rows);
    const double high = bottom.y - top.y;
    drawing.rect({top.x, top.y, std::max(bottom.x - top.x, 0.2), high}, item_colour(bar.item),
                 {"#ffffff", high > 2 ? 0.3 : 0, {}});
  }
  drawing.end_clip();
  return drawing.finish();
}

}  // namespace orrery::report
