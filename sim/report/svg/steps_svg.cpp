// Values that hold until the next instant, over simulated time; as areas where they add up.
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

struct DrawnSteps {
  std::string name;
  std::vector<double> time, values;
  double end = 0;

  /// The value that holds at an instant; NaN before the first.
  double then(double at) const {
    const auto after = std::upper_bound(time.begin(), time.end(), at);
    if (after == time.begin()) return std::nan("");
    return values[static_cast<std::size_t>(after - time.begin()) - 1];
  }
};

/// The values of `key` of one series; its own instants, or those of the chart.
DrawnSteps read_steps(const Json& chart, const Json& series, std::string_view key) {
  DrawnSteps out;
  out.name = text_of(series, "name");
  out.time = numbers_of(series.contains("time") ? series : chart, "time");
  out.values = numbers_of(series, key, out.time.size());
  const std::size_t size = std::min(out.time.size(), out.values.size());
  out.time.resize(size);
  out.values.resize(size);
  if (size == 0) return out;
  const double end =
      number_of(series.contains("end") ? series.at("end") : chart.value("end", Json()));
  out.end = std::isfinite(end) ? std::max(end, out.time.back()) : out.time.back();
  return out;
}

/// The sum of several at each instant at which one changes.
DrawnSteps sum_of(const std::vector<DrawnSteps>& parts, std::size_t count) {
  DrawnSteps out;
  for (std::size_t i = 0; i < count; ++i) {
    out.time.insert(out.time.end(), parts[i].time.begin(), parts[i].time.end());
    out.end = std::max(out.end, parts[i].end);
  }
  std::sort(out.time.begin(), out.time.end());
  out.time.erase(std::unique(out.time.begin(), out.time.end()), out.time.end());
  for (const double at : out.time) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double value = parts[i].then(at);
      if (std::isfinite(value)) sum += value;
    }
    out.values.push_back(sum);
  }
  return out;
}

/// The lines of a step curve; it is broken where there is no value.
std::vector<std::vector<Point>> step_lines(const DrawnSteps& steps, const ChartPicture& picture) {
  std::vector<std::vector<Point>> out(1);
  for (std::size_t i = 0; i < steps.time.size(); ++i) {
    if (!std::isfinite(steps.values[i])) {
      if (!out.back().empty()) out.emplace_back();
      continue;
    }
    const double until = i + 1 < steps.time.size() ? steps.time[i + 1] : steps.end;
    out.back().push_back(picture.at(steps.time[i], steps.values[i]));
    out.back().push_back(picture.at(until, steps.values[i]));
  }
  return out;
}

std::vector<DrawnSteps> read_all(const Json& chart, std::string_view key) {
  std::vector<DrawnSteps> out;
  for (const Json& series : chart.at("series")) {
    DrawnSteps steps = read_steps(chart, series, key);
    if (!steps.time.empty()) out.push_back(std::move(steps));
  }
  return out;
}

/// One line for the limits of all series: their sum where values add up, else the largest.
DrawnSteps limit_of(const Json& chart, bool stacked) {
  const std::vector<DrawnSteps> limits = read_all(chart, "limit");
  if (limits.empty()) return {};
  DrawnSteps out = limits.front();
  if (stacked)
    out = sum_of(limits, limits.size());
  else
    for (std::size_t i = 0; i < out.time.size(); ++i)
      for (const DrawnSteps& limit : limits)
        out.values[i] = std::fmax(out.values[i], limit.then(out.time[i]));
  const std::string name = text_of(chart, "limit_name");
  out.name = name.empty() ? "limit" : name;
  return out;
}

void draw_stacked(ChartPicture& picture, const std::vector<DrawnSteps>& series) {
  for (std::size_t i = series.size(); i > 0; --i) {
    const std::vector<Point> line = step_lines(sum_of(series, i), picture).front();
    if (line.empty()) continue;
    std::vector<Point> area = line;
    area.push_back({line.back().x, picture.plot().bottom()});
    area.push_back({line.front().x, picture.plot().bottom()});
    Drawing& drawing = picture.drawing();
    drawing.polygon(area, "#ffffff");
    drawing.polygon(area, drawing.hatched(i - 1, series_colour(i - 1)), 0.75);
    drawing.polyline(line, {series_colour(i - 1), 0.6, {}});
  }
}

}  // namespace

std::string steps_svg(const Json& chart, const SvgOptions& options) {
  const bool stacked = chart.value("stacked", false);
  std::vector<DrawnSteps> series = read_all(chart, "values");
  if (series.empty()) return worded_picture(chart, options, kNoData);
  const DrawnSteps limit = limit_of(chart, stacked);
  Range time, values;
  values.add(0);
  std::vector<LegendEntry> legend;
  for (const DrawnSteps& steps : series) {
    time.add(steps.time.front());
    time.add(steps.end);
    legend.push_back({steps.name, stacked ? Sample::box : Sample::line, legend.size()});
    for (const double value : steps.values) values.add(value);
  }
  // A run that ends at its only instant still shows what held then.
  if (time.low == time.high)
    for (DrawnSteps& steps : series) time.add(steps.end += 1);
  if (stacked)
    for (const double value : sum_of(series, series.size()).values) values.add(value);
  // A limit far above the values would press them against the axis; the page says the same.
  Range limits;
  for (const double value : limit.values) limits.add(value);
  const bool limited = !limits.empty() && values.high >= 0.1 * limits.high;
  if (limited) values.add(limits.high);
  if (limited) legend.push_back({limit.name, Sample::line, 0, true});

  Drawing drawing(options.width, options.height, text_of(chart, "title"));
  ChartPicture picture(drawing, time_axis(time.low, time.high),
                       linear_axis(values.low, values.high + 0.04 * (values.high - values.low),
                                   text_of(chart, "y_unit"), text_of(chart, "y_name"), 5),
                       legend, 12);
  drawing.begin_clip(picture.plot());
  if (stacked)
    draw_stacked(picture, series);
  else
    for (std::size_t i = 0; i < series.size(); ++i)
      for (const std::vector<Point>& line : step_lines(series[i], picture))
        picture.series_line(line, i);
  if (limited)
    for (const std::vector<Point>& line : step_lines(limit, picture))
      drawing.polyline(line, {kInk, 0.9, "3,2"});
  drawing.end_clip();
  return drawing.finish();
}

}  // namespace orrery::report
