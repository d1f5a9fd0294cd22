// A bar a label and series, with its interval.
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

struct DrawnBar {
  double mean = 0, half = 0;
};

struct BarSeries {
  std::string name;
  std::vector<DrawnBar> bars;  // one a label; the mean is NaN where there is none
};

DrawnBar read_bar(const Json& value) {
  if (!value.is_array()) return {number_of(value), 0};
  const double half = value.size() > 1 ? number_of(value[1]) : 0;
  return {value.empty() ? std::nan("") : number_of(value[0]), std::isfinite(half) ? half : 0};
}

std::vector<BarSeries> read_bar_series(const Json& chart, std::size_t labels) {
  std::vector<BarSeries> out;
  for (const Json& series : chart.at("series")) {
    BarSeries& one = out.emplace_back();
    one.name = text_of(series, "name");
    for (const Json& value : series.at("values")) one.bars.push_back(read_bar(value));
    one.bars.resize(labels, {std::nan(""), 0});
  }
  return out;
}

void draw_bar(ChartPicture& picture, const DrawnBar& bar, std::size_t series, double left,
              double width) {
  if (!std::isfinite(bar.mean)) return;
  Drawing& drawing = picture.drawing();
  const double zero = picture.at(0, 0).y;
  const double top = picture.at(0, bar.mean).y;
  drawing.rect({left, std::min(top, zero), width, std::abs(zero - top)},
               drawing.hatched(series, series_colour(series)), {kInk, 0.3, {}});
  if (bar.half <= 0) return;
  const double middle = left + width / 2;
  const double cap = std::min(3.0, width / 3);
  const double low = picture.at(0, bar.mean - bar.half).y;
  const double high = picture.at(0, bar.mean + bar.half).y;
  drawing.line({middle, low}, {middle, high}, {kInk, 0.7, {}});
  for (const double y : {low, high})
    drawing.line({middle - cap, y}, {middle + cap, y}, {kInk, 0.7, {}});
}

/// How labels are turned: level where they fit, slanted or upright where not.
double turn_of(double longest, std::size_t labels, double width) {
  const double band = width / static_cast<double>(std::max<std::size_t>(labels, 1));
  if (longest + 4 <= band) return 0;
  return band >= 40 ? -40 : -90;
}

/// Labels below the plot; of many only as many as can be read.
void draw_labels(ChartPicture& picture, const std::vector<std::string>& labels, double turned) {
  const Box& plot = picture.plot();
  const double band = plot.width / static_cast<double>(labels.size());
  const auto every = static_cast<std::size_t>(std::max(std::ceil(10 / band), 1.0));
  for (std::size_t i = 0; i < labels.size(); i += every) {
    const double x = plot.x + (static_cast<double>(i) + 0.5) * band;
    if (turned == 0)
      picture.drawing().text({x, plot.bottom() + 11}, labels[i], {kTextSize, Anchor::middle, 0});
    else
      picture.drawing().text({x + 3, plot.bottom() + (turned < -45 ? 4 : 8)}, labels[i],
                             {kTextSize, Anchor::end, turned});
  }
}

}  // namespace

std::string bars_svg(const Json& chart, const SvgOptions& options) {
  std::vector<std::string> labels;
  for (const Json& label : chart.at("labels"))
    labels.push_back(shortened(label.is_string() ? label.get<std::string>() : label.dump(), 18));
  const std::vector<BarSeries> series = read_bar_series(chart, labels.size());
  Range values;
  values.add(0);
  bool any = false;
  double longest = 0;
  std::vector<LegendEntry> legend;
  for (const BarSeries& one : series) {
    legend.push_back({one.name, Sample::box, legend.size()});
    for (const DrawnBar& bar : one.bars) {
      any = any || std::isfinite(bar.mean);
      values.add(bar.mean - bar.half);
      values.add(bar.mean + bar.half);
    }
  }
  if (!any) return worded_picture(chart, options, kNoData);
  for (const std::string& label : labels) longest = std::max(longest, text_width(label, kTextSize));
  const double turned = turn_of(longest, labels.size(), options.width - 50);
  const double below = turned == 0 ? 0 : turned < -45 ? longest : 0.65 * longest;
  Drawing drawing(options.width, options.height + below, text_of(chart, "title"));
  const double spare = 0.04 * (values.high - values.low);
  ChartPicture picture(drawing, {},
                       linear_axis(values.low < 0 ? values.low - spare : 0, values.high + spare,
                                   text_of(chart, "y_unit"), text_of(chart, "y_name"), 5),
                       legend, 8, below);
  const double band = picture.plot().width / static_cast<double>(labels.size());
  const double width = std::min(band * 0.8 / static_cast<double>(series.size()), 40.0);
  for (std::size_t s = 0; s < series.size(); ++s)
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double middle = picture.plot().x + (static_cast<double>(i) + 0.5) * band;
      const double left =
          middle + (static_cast<double>(s) - static_cast<double>(series.size()) / 2) * width;
      draw_bar(picture, series[s].bars[i], s, left, width);
    }
  const double zero = picture.at(0, 0).y;
  drawing.line({picture.plot().x, zero}, {picture.plot().right(), zero}, {kInk, 0.6, {}});
  draw_labels(picture, labels, turned);
  return drawing.finish();
}

}  // namespace orrery::report
