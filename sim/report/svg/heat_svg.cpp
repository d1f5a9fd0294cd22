// A colour a row and column, and the scale of colours beside them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sim/report/svg/chart_picture.hpp"

namespace orrery::report {

namespace {

constexpr std::size_t kMostCells = 20'000;

struct Cells {
  std::vector<std::string> rows, columns;
  std::vector<double> values;  // row by row; NaN where there is none
};

std::vector<std::string> names_of(const Json& names, const std::string& unit) {
  std::vector<std::string> out;
  for (const Json& name : names)
    out.push_back(name.is_string() ? name.get<std::string>() : value_text(number_of(name), unit));
  return out;
}

Cells read_cells(const Json& chart) {
  const std::string unit = text_of(chart, "x_unit");
  Cells out{names_of(chart.at("rows"), unit), names_of(chart.at("columns"), unit), {}};
  out.values.assign(out.rows.size() * out.columns.size(), std::nan(""));
  std::size_t r = 0;
  for (const Json& row : chart.at("values")) {
    std::size_t c = 0;
    for (const Json& value : row)
      if (r < out.rows.size() && c < out.columns.size())
        out.values[r * out.columns.size() + c++] = number_of(value);
    ++r;
  }
  return out;
}

/// Blocks of a large chart as their largest values: a mean would hide peaks.
Cells in_blocks(const Cells& cells) {
  std::size_t high = 1;
  std::size_t wide = 1;
  const auto parts = [](std::size_t all, std::size_t block) { return (all + block - 1) / block; };
  const std::size_t rows = cells.rows.size();
  const std::size_t columns = cells.columns.size();
  while (parts(rows, high) * parts(columns, wide) > kMostCells)
    ++(parts(rows, high) > parts(columns, wide) ? high : wide);
  Cells out;
  for (std::size_t r = 0; r < rows; r += high) out.rows.push_back(cells.rows[r]);
  for (std::size_t c = 0; c < columns; c += wide) out.columns.push_back(cells.columns[c]);
  out.values.assign(out.rows.size() * out.columns.size(), std::nan(""));
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      double& block = out.values[r / high * out.columns.size() + c / wide];
      block = std::fmax(block, cells.values[r * columns + c]);
    }
  return out;
}

/// From light to dark, so that it reads in grey. `share` in [0, 1].
std::string shade(double share) {
  constexpr std::array<std::array<double, 3>, 5> kStops{
      {{240, 244, 250}, {169, 201, 232}, {95, 159, 208}, {44, 106, 168}, {14, 40, 92}}};
  const double at = std::clamp(share, 0.0, 1.0) * (kStops.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
  const double part = at - static_cast<double>(below);
  std::array<int, 3> colour{};
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = static_cast<int>(
        std::lround(kStops[below][i] + part * (kStops[below + 1][i] - kStops[below][i])));
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

/// An axis of names, one a cell, as many as fit at `room` points each.
Axis name_axis(const std::vector<std::string>& names, double length, double room, bool downwards,
               const std::string& title) {
  Axis out{0, static_cast<double>(names.size()), false, title};
  out.grid = false;
  const double fit = std::max(std::floor(length / room), 1.0);
  const auto every =
      static_cast<std::size_t>(std::max(std::ceil(static_cast<double>(names.size()) / fit), 1.0));
  for (std::size_t i = 0; i < names.size(); i += every) {
    const double middle = static_cast<double>(i) + 0.5;
    out.ticks.push_back({downwards ? out.high - middle : middle, shortened(names[i], 24)});
  }
  return out;
}

void draw_scale(ChartPicture& picture, const Axis& scale) {
  Drawing& drawing = picture.drawing();
  const Box& plot = picture.plot();
  const double left = plot.right() + 8;
  constexpr int kBands = 32;
  const double height = plot.height / kBands;
  for (int i = 0; i < kBands; ++i)
    drawing.rect({left, plot.bottom() - (i + 1) * height, 8, height + 0.1},
                 shade((i + 0.5) / kBands));
  drawing.rect({left, plot.y, 8, plot.height}, "none", {kInk, 0.4, {}});
  for (const Tick& tick : scale.ticks) {
    const double y = plot.bottom() - scale.place(tick.at) * plot.height;
    drawing.line({left + 8, y}, {left + 10, y}, {kInk, 0.5, {}});
    drawing.text({left + 12, y + kTextSize * 0.35}, tick.label, {kTextSize, Anchor::start, 0});
  }
  if (!scale.title.empty())
    drawing.text({drawing.width() - 4, plot.y + plot.height / 2}, scale.title,
                 {kTextSize, Anchor::middle, -90});
}

}  // namespace

std::string heat_svg(const Json& chart, const SvgOptions& options) {
  const Cells cells = in_blocks(read_cells(chart));
  Range values;
  for (const double value : cells.values) values.add(value);
  if (values.empty()) return worded_picture(chart, options, kNoData);
  const Axis scale = linear_axis(values.low, values.high, text_of(chart, "y_unit"), "", 5);
  double room = 0;
  for (const Tick& tick : scale.ticks) room = std::max(room, text_width(tick.label, kTextSize));
  double widest = 0;
  for (const std::string& name : cells.columns)
    widest = std::max(widest, text_width(shortened(name, 24), kTextSize));
  Drawing drawing(options.width, options.height, text_of(chart, "title"));
  ChartPicture picture(
      drawing,
      name_axis(cells.columns, options.width - 100, widest + 6, false, text_of(chart, "x_name")),
      name_axis(cells.rows, options.height - 40, 9, true, text_of(chart, "y_name")), {},
      26 + room + (scale.title.empty() ? 0 : 10));
  const Box& plot = picture.plot();
  const double width = plot.width / static_cast<double>(cells.columns.size());
  const double height = plot.height / static_cast<double>(cells.rows.size());
  for (std::size_t r = 0; r < cells.rows.size(); ++r)
    for (std::size_t c = 0; c < cells.columns.size(); ++c) {
      const double value = cells.values[r * cells.columns.size() + c];
      if (!std::isfinite(value)) continue;
      // A hair wider than the cell, or readers show seams between neighbours.
      drawing.rect({plot.x + static_cast<double>(c) * width,
                    plot.y + static_cast<double>(r) * height, width + 0.05, height + 0.05},
                   shade(scale.place(value)));
    }
  draw_scale(picture, scale);
  return drawing.finish();
}

}  // namespace orrery::report
