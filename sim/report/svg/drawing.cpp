#include "sim/report/svg/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <vector>

namespace orrery::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// The length of the UTF-8 character at the start of `text`; 0 where there is no whole, shortest
/// one, or where XML 1.0 forbids it.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool forbidden = (code >= 0xD800 && code <= 0xDFFF) || code == 0xFFFE || code == 0xFFFF;
  return too_long || forbidden || code > 0x10FFFF ? 0 : length;
}

/// A length with two decimals and no zeros at its end. What is not finite, or far outside any
/// picture, is brought to where every reader of SVG takes it.
std::string number(double value) {
  if (!std::isfinite(value)) return "0";
  std::string out = fmt::format("{:.2f}", std::clamp(value, -1e5, 1e5));
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

std::string stroke_text(const Stroke& stroke) {
  std::string out =
      fmt::format(R"(stroke="{}" stroke-width="{}")", stroke.colour, number(stroke.width));
  if (!stroke.dash.empty()) out += fmt::format(R"( stroke-dasharray="{}")", stroke.dash);
  return out;
}

std::string points_text(std::span<const Point> points) {
  std::string out;
  for (const Point& point : points) {
    if (!out.empty()) out += ' ';
    out += number(point.x) + ',' + number(point.y);
  }
  return out;
}

constexpr double kPi = 3.14159265358979323846;

/// The corners of a shape around (0, 0): a circle is one of many corners.
std::vector<Point> corners(std::size_t shape, double size) {
  struct Form {
    int corners;
    double turned;  // of a whole turn
    double inner;   // share of the radius at every second corner; 0: none between
  };
  constexpr std::array<Form, 10> kForms{{{16, 0, 0},
                                         {4, 0.125, 0},
                                         {3, 0.75, 0},
                                         {4, 0, 0},
                                         {3, 0.25, 0},
                                         {5, 0.75, 0.4},
                                         {4, 0.125, 0.35},
                                         {4, 0, 0.35},
                                         {6, 0, 0},
                                         {3, 0, 0}}};
  const Form& form = kForms[shape % kForms.size()];
  std::vector<Point> out;
  const int steps = form.inner > 0 ? 2 * form.corners : form.corners;
  for (int i = 0; i < steps; ++i) {
    const double turn = 2 * kPi * (form.turned + static_cast<double>(i) / steps);
    const double radius = form.inner > 0 && i % 2 == 1 ? size * form.inner : size;
    out.push_back({radius * std::cos(turn), radius * std::sin(turn)});
  }
  return out;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(character.size());
    if (length == 0)
      out += kReplacement;
    else if (character == "&")
      out += "&amp;";
    else if (character == "<")
      out += "&lt;";
    else if (character == ">")
      out += "&gt;";
    else if (character == "\"")
      out += "&quot;";
    else
      out += character;
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size();) {
    begins.push_back(at);
    at += std::max<std::size_t>(character_length(text.substr(at)), 1);
  }
  if (begins.size() <= most || most == 0) return std::string(text);
  return std::string(text.substr(0, begins[most - 1])) + "\xE2\x80\xA6";
}

double text_width(std::string_view text, double size) {
  double characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters)
    at += std::max<std::size_t>(character_length(text.substr(at)), 1);
  return 0.55 * size * characters;
}

Drawing::Drawing(double width, double height, std::string_view title)
    : width_(width), height_(height), title_(xml_text(title)) {}

void Drawing::line(Point from, Point to, const Stroke& stroke) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", number(from.x),
                       number(from.y), number(to.x), number(to.y), stroke_text(stroke));
}

void Drawing::rect(const Box& box, std::string_view fill, const Stroke& stroke) {
  const std::string edge = stroke.width > 0 ? ' ' + stroke_text(stroke) : "";
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}/>\n",
                       number(box.x), number(box.y), number(std::max(box.width, 0.0)),
                       number(std::max(box.height, 0.0)), fill, edge);
}

void Drawing::polyline(std::span<const Point> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  body_ += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke-linejoin=\"round\" {}/>\n",
                       points_text(points), stroke_text(stroke));
}

void Drawing::polygon(std::span<const Point> points, std::string_view fill, double opacity) {
  if (points.size() < 3) return;
  const std::string see_through =
      opacity < 1 ? fmt::format(R"( fill-opacity="{}")", number(opacity)) : "";
  body_ += fmt::format("<polygon points=\"{}\" fill=\"{}\"{}/>\n", points_text(points), fill,
                       see_through);
}

void Drawing::mark(Point at, std::size_t shape, double size, std::string_view colour) {
  std::vector<Point> points = corners(shape, size);
  for (Point& point : points) point = {point.x + at.x, point.y + at.y};
  polygon(points, colour);
}

void Drawing::text(Point at, std::string_view text, const TextStyle& style) {
  constexpr std::array<std::string_view, 3> kAnchors{"start", "middle", "end"};
  const std::string turn = style.turned == 0
                               ? ""
                               : fmt::format(" transform=\"rotate({} {} {})\"",
                                             number(style.turned), number(at.x), number(at.y));
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\"{}>{}</text>\n",
                       number(at.x), number(at.y), number(style.size),
                       kAnchors[static_cast<std::size_t>(style.anchor)], turn, xml_text(text));
}

std::string Drawing::hatched(std::size_t index, std::string_view colour) {
  constexpr std::array<std::string_view, 4> kLines{"", "M0,4 L4,0", "M0,0 L4,4", "M0,2 L4,2"};
  const std::string_view lines = kLines[index % kLines.size()];
  if (lines.empty()) return std::string(colour);
  const std::string name = fmt::format("hatch{}", index);
  if (definitions_.find('"' + name + '"') == std::string::npos)
    definitions_ += fmt::format(
        "<pattern id=\"{}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
        "<rect width=\"4\" height=\"4\" fill=\"{}\" fill-opacity=\"0.45\"/>"
        "<path d=\"{}\" stroke=\"{}\" stroke-width=\"1\"/></pattern>\n",
        name, colour, lines, colour);
  return fmt::format("url(#{})", name);
}

void Drawing::begin_clip(const Box& box) {
  definitions_ += fmt::format(
      "<clipPath id=\"clip{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n",
      clips_, number(box.x), number(box.y), number(std::max(box.width, 0.0)),
      number(std::max(box.height, 0.0)));
  body_ += fmt::format("<g clip-path=\"url(#clip{})\">\n", clips_++);
}

void Drawing::end_clip() {
  body_ += "</g>\n";
}

std::string Drawing::finish() const {
  const std::string definitions =
      definitions_.empty() ? "" : "<defs>\n" + definitions_ + "</defs>\n";
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}pt\" height=\"{1}pt\" "
      "viewBox=\"0 0 {0} {1}\" role=\"img\" {5} "
      "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">\n"
      "<title>{2}</title>\n{3}<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{4}</svg>\n",
      number(width_), number(height_), title_, definitions, body_, kPictureMark);
}

}  // namespace orrery::report
