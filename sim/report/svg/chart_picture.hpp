// What the pictures of all kinds of charts share: reading the chart, axes, legend, colours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/json_fields.hpp"
#include "sim/report/svg/axis.hpp"
#include "sim/report/svg/drawing.hpp"
#include "sim/report/svg/svg.hpp"

namespace orrery::report {

// How the series of a chart are told apart: ten colours, five dashes, ten marks.
std::string_view series_colour(std::size_t index);
std::string_view series_dash(std::size_t index);
inline constexpr std::string_view kInk = "#000000";
inline constexpr std::string_view kSoft = "#555555";
inline constexpr double kTextSize = 8;

/// The text of a key; empty where there is none.
std::string text_of(const Json& object, std::string_view key);
/// The number of a value; NaN where it is null, or no number.
double number_of(const Json& value);
/// The numbers of a key. One number stands for `size` of them; absent: none.
std::vector<double> numbers_of(const Json& object, std::string_view key, std::size_t size = 0);
/// The least and largest of the finite values; `low` > `high` where there is none.
struct Range {
  double low = 1, high = 0;
  void add(double value);
  bool empty() const { return low > high; }
};

enum class Sample : unsigned char { line, mark, box };

struct LegendEntry {
  std::string name;
  Sample sample = Sample::line;
  std::size_t index = 0;  ///< of the series: its colour, dash, mark and hatch
  bool plain = false;     ///< the dashed ink line of a limit
};

/// A picture with a plot between two axes.
class ChartPicture {
 public:
  /// Draws the legend (none for fewer than two entries), then the axes around what is left.
  /// `right` and `below`: what stays free beside the plot and under its axis.
  ChartPicture(Drawing& drawing, Axis x, Axis y, const std::vector<LegendEntry>& legend,
               double right = 8, double below = 0);

  Point at(double x, double y) const;
  const Box& plot() const { return plot_; }
  Drawing& drawing() { return drawing_; }

  /// A line of a series through points of the plot, with marks from the sixth series on.
  void series_line(const std::vector<Point>& points, std::size_t index);

 private:
  void draw_x();
  void draw_y();
  void draw_legend(const std::vector<LegendEntry>& legend);

  Drawing& drawing_;
  Axis x_, y_;
  Box plot_;
};

/// A sentence in the middle of a picture without a plot.
std::string worded_picture(const Json& chart, const SvgOptions& options, std::string_view sentence);

// One renderer a kind. Each expects a chart of its kind with data recorded.
std::string distribution_svg(const Json& chart, const SvgOptions& options);
std::string steps_svg(const Json& chart, const SvgOptions& options);
std::string bars_svg(const Json& chart, const SvgOptions& options);
std::string heat_svg(const Json& chart, const SvgOptions& options);
std::string scatter_svg(const Json& chart, const SvgOptions& options);
std::string lanes_svg(const Json& chart, const SvgOptions& options);

inline constexpr std::string_view kNoData = "No data.";

}  // namespace orrery::report
