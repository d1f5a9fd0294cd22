// One SVG picture, element by element. Lengths are points (1/72 inch), y grows downwards.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace orrery::report {

/// What the opening tag of every picture holds: only such files are replaced by pictures.
inline constexpr std::string_view kPictureMark = "data-generator=\"Orrery\"";

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

struct Stroke {
  std::string_view colour = "#000000";
  double width = 0.6;
  std::string_view dash = {};  ///< lengths drawn and left out; empty: solid
};

enum class Anchor : unsigned char { start, middle, end };

struct TextStyle {
  double size = 8;
  Anchor anchor = Anchor::start;
  double turned = 0;  ///< degrees, clockwise around the text's point
};

/// Text that may stand in XML, in an element or an attribute: markup is escaped, and what no XML
/// text may hold (control characters, bytes that are not UTF-8) is U+FFFD.
std::string xml_text(std::string_view text);

/// `text` cut to `most` characters, the last one an ellipsis where some were left out. `text` is
/// UTF-8; damaged bytes count as characters.
std::string shortened(std::string_view text, std::size_t most);

/// The width of a text in points, estimated: an SVG writer has no fonts.
double text_width(std::string_view text, double size);

class Drawing {
 public:
  /// `title` is what a reader of the screen hears; it is not drawn.
  Drawing(double width, double height, std::string_view title);

  void line(Point from, Point to, const Stroke& stroke);
  void rect(const Box& box, std::string_view fill, const Stroke& stroke = {"none", 0, {}});
  /// An open line; fewer than two points draw nothing.
  void polyline(std::span<const Point> points, const Stroke& stroke);
  void polygon(std::span<const Point> points, std::string_view fill, double opacity = 1);
  /// A mark around a point; ten shapes, then they repeat.
  void mark(Point at, std::size_t shape, double size, std::string_view colour);
  void text(Point at, std::string_view text, const TextStyle& style);
  /// A fill of `colour` that reads in grey: plain or hatched, by `index`. For `rect`'s `fill`.
  std::string hatched(std::size_t index, std::string_view colour);
  /// What follows is drawn inside `box` alone, until `end_clip`.
  void begin_clip(const Box& box);
  void end_clip();

  double width() const { return width_; }
  double height() const { return height_; }
  /// The whole document.
  std::string finish() const;

 private:
  double width_, height_;
  std::string title_, definitions_, body_;
  std::size_t clips_ = 0;
};

}  // namespace orrery::report
