#include "sim/report/svg/chart_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace orrery::report {

std::string_view series_colour(std::size_t index) {
  // Okabe and Ito's palette without its yellow, which print loses, and three of Tol's.
  constexpr std::array<std::string_view, 10> kColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#e69f00", "#000000", "#56b4e9", "#882255",
                                                      "#7f7f7f", "#44aa99"};
  return kColours[index % kColours.size()];
}

std::string_view series_dash(std::size_t index) {
  constexpr std::array<std::string_view, 5> kDashes{"", "5,2", "1.5,1.5", "6,2,1.5,2", "9,3"};
  return kDashes[index % kDashes.size()];
}

std::string text_of(const Json& object, std::string_view key) {
  const auto found = object.find(std::string(key));
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

double number_of(const Json& value) {
  const double number =
      value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  return std::isfinite(number) ? number : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> numbers_of(const Json& object, std::string_view key, std::size_t size) {
  std::vector<double> out;
  const auto found = object.find(std::string(key));
  if (found == object.end()) return out;
  if (found->is_number()) return std::vector<double>(size, number_of(*found));
  if (!found->is_array()) return out;
  out.reserve(found->size());
  for (const Json& value : *found) out.push_back(number_of(value));
  return out;
}

void Range::add(double value) {
  if (!std::isfinite(value)) return;
  const bool first = empty();
  low = first ? value : std::min(low, value);
  high = first ? value : std::max(high, value);
}

namespace {

constexpr Stroke kAxisLine{kInk, 0.6, {}};
constexpr Stroke kGridLine{"#dddddd", 0.4, {}};
constexpr double kSampleWidth = 20;
constexpr double kLegendLine = 11;

/// Where each entry of a legend stands; the last is the place after them.
std::vector<Point> legend_places(const std::vector<LegendEntry>& legend, double width) {
  std::vector<Point> out;
  Point at{4, kLegendLine};
  for (const LegendEntry& entry : legend) {
    const double wide = kSampleWidth + 14 + text_width(shortened(entry.name, 40), kTextSize);
    if (at.x > 4 && at.x + wide > width) at = {4, at.y + kLegendLine};
    out.push_back(at);
    at.x += wide;
  }
  return out;
}

double widest(const std::vector<Tick>& ticks) {
  double most = 0;
  for (const Tick& tick : ticks) most = std::max(most, text_width(tick.label, kTextSize));
  return most;
}

}  // namespace

ChartPicture::ChartPicture(Drawing& drawing, Axis x, Axis y, const std::vector<LegendEntry>& legend,
                           double right, double below)
    : drawing_(drawing), x_(std::move(x)), y_(std::move(y)) {
  const bool shown = legend.size() > 1;
  const double top = shown ? legend_places(legend, drawing.width()).back().y + 7 : 8;
  const double left = widest(y_.ticks) + (y_.title.empty() ? 10 : 22);
  const double bottom = x_.title.empty() ? 18 : 30;
  plot_ = {left, top, std::max(drawing.width() - left - right, 20.0),
           std::max(drawing.height() - top - bottom - below, 20.0)};
  if (shown) draw_legend(legend);
  draw_x();
  draw_y();
}

Point ChartPicture::at(double x, double y) const {
  return {plot_.x + x_.place(x) * plot_.width, plot_.bottom() - y_.place(y) * plot_.height};
}

void ChartPicture::draw_x() {
  drawing_.line({plot_.x, plot_.bottom()}, {plot_.right(), plot_.bottom()}, kAxisLine);
  double free_from = -1e9;
  for (const Tick& tick : x_.ticks) {
    const double x = plot_.x + x_.place(tick.at) * plot_.width;
    if (x_.grid) drawing_.line({x, plot_.y}, {x, plot_.bottom()}, kGridLine);
    drawing_.line({x, plot_.bottom()}, {x, plot_.bottom() + 3}, kAxisLine);
    // A label that would run into the one before it, or out of the picture, is left out.
    const double half = text_width(tick.label, kTextSize) / 2;
    if (x - half < free_from || x + half > drawing_.width()) continue;
    drawing_.text({x, plot_.bottom() + 11}, tick.label, {kTextSize, Anchor::middle, 0});
    free_from = x + half + 4;
  }
  if (!x_.title.empty())
    drawing_.text({plot_.x + plot_.width / 2, plot_.bottom() + 24}, x_.title,
                  {kTextSize, Anchor::middle, 0});
}

void ChartPicture::draw_y() {
  drawing_.line({plot_.x, plot_.y}, {plot_.x, plot_.bottom()}, kAxisLine);
  double last = 1e9;
  for (const Tick& tick : y_.ticks) {
    const double y = plot_.bottom() - y_.place(tick.at) * plot_.height;
    if (y_.grid) drawing_.line({plot_.x, y}, {plot_.right(), y}, kGridLine);
    drawing_.line({plot_.x - 3, y}, {plot_.x, y}, kAxisLine);
    if (std::abs(y - last) < kTextSize + 0.5) continue;
    drawing_.text({plot_.x - 5, y + kTextSize * 0.35}, tick.label, {kTextSize, Anchor::end, 0});
    last = y;
  }
  if (!y_.title.empty())
    drawing_.text({9, plot_.y + plot_.height / 2}, y_.title, {kTextSize, Anchor::middle, -90});
}

void ChartPicture::draw_legend(const std::vector<LegendEntry>& legend) {
  const std::vector<Point> places = legend_places(legend, drawing_.width());
  for (std::size_t i = 0; i < legend.size(); ++i) {
    const LegendEntry& entry = legend[i];
    const Point at = places[i];
    const double middle = at.y - kTextSize * 0.35;
    const std::string_view colour = entry.plain ? kInk : series_colour(entry.index);
    if (entry.sample == Sample::box)
      drawing_.rect({at.x + 5, middle - 3.5, 11, 7}, drawing_.hatched(entry.index, colour),
                    {kInk, 0.3, {}});
    else if (entry.sample == Sample::mark)
      drawing_.mark({at.x + 11, middle}, entry.index, 3, colour);
    else
      drawing_.line({at.x, middle}, {at.x + kSampleWidth, middle},
                    {colour, 1.2, entry.plain ? "3,2" : series_dash(entry.index)});
    if (entry.sample == Sample::line && !entry.plain && entry.index >= 5)
      drawing_.mark({at.x + kSampleWidth / 2, middle}, entry.index, 2.2, colour);
    drawing_.text({at.x + kSampleWidth + 3, at.y}, shortened(entry.name, 40),
                  {kTextSize, Anchor::start, 0});
  }
}

void ChartPicture::series_line(const std::vector<Point>& points, std::size_t index) {
  drawing_.polyline(points, {series_colour(index), 1.2, series_dash(index)});
  if (index < 5 && points.size() > 1) return;
  constexpr std::size_t kMarks = 8;
  const std::size_t every = std::max<std::size_t>(points.size() / kMarks, 1);
  for (std::size_t i = points.size() > 1 ? every / 2 : 0; i < points.size(); i += every)
    drawing_.mark(points[i], index, 2.2, series_colour(index));
}

std::string worded_picture(const Json& chart, const SvgOptions& options,
                           std::string_view sentence) {
  Drawing drawing(options.width, options.height, text_of(chart, "title"));
  drawing.text({options.width / 2, options.height / 2 - 7}, shortened(text_of(chart, "title"), 70),
               {kTextSize, Anchor::middle, 0});
  drawing.text({options.width / 2, options.height / 2 + 7}, sentence,
               {kTextSize, Anchor::middle, 0});
  return drawing.finish();
}

}  // namespace orrery::report
