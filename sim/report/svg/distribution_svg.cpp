// Distributions: the share of things whose value is at most x, one line a series.
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

struct Quantiles {
  std::string name;
  std::vector<double> values;  // finite, at equal steps of p
  double share = 1;            // of all things; less where some have no value
};

std::vector<Quantiles> read_quantiles(const Json& chart) {
  std::vector<Quantiles> out;
  for (const Json& series : chart.at("series")) {
    Quantiles& one = out.emplace_back();
    one.name = text_of(series, "name");
    one.values = numbers_of(series, "values");
    std::erase_if(one.values, [](double value) { return !std::isfinite(value); });
    const double n = number_of(series.value("n", Json()));
    const double of = number_of(series.value("of", Json()));
    if (of > n && n >= 0) one.share = n / of;
  }
  return out;
}

double power_of_ten_below(double value) {
  return std::pow(10.0, std::floor(std::log10(value)));
}

/// Logarithmic where positive values span decades; what is below its left edge is drawn there.
Axis value_axis(const std::vector<Quantiles>& series, const Json& chart) {
  Range all, positive;
  for (const Quantiles& one : series)
    for (const double value : one.values) {
      all.add(value);
      if (value > 0) positive.add(value);
    }
  const std::string unit = text_of(chart, "x_unit");
  const std::string what = text_of(chart, "x_name");
  if (all.low < 0 || positive.empty() || positive.high < 30 * positive.low)
    return linear_axis(std::min(0.0, all.low), all.high, unit, what, 7);
  double low = power_of_ten_below(all.high) / 1000;
  if (all.high >= 100)
    low = all.low >= 10 ? power_of_ten_below(all.low) : std::min(1.0, low);
  else if (all.low > low)
    low = power_of_ten_below(all.low);
  return log_axis(low, all.high, unit, what);
}

}  // namespace

std::string distribution_svg(const Json& chart, const SvgOptions& options) {
  const std::vector<Quantiles> series = read_quantiles(chart);
  if (std::ranges::all_of(series, [](const Quantiles& one) { return one.values.empty(); }))
    return worded_picture(chart, options, kNoData);
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < series.size(); ++i)
    legend.push_back({series[i].name, Sample::line, i});
  Drawing drawing(options.width, options.height, text_of(chart, "title"));
  ChartPicture picture(drawing, value_axis(series, chart),
                       linear_axis(0, 1, "share", "cumulative share", 5), legend, 12);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Quantiles& one = series[i];
    const std::size_t last = one.values.size() - 1;
    std::vector<Point> points;
    for (std::size_t k = 0; k < one.values.size(); ++k)
      points.push_back(picture.at(
          one.values[k],
          one.share * (last == 0 ? 1 : static_cast<double>(k) / static_cast<double>(last))));
    picture.series_line(points, i);
  }
  return drawing.finish();
}

}  // namespace orrery::report
