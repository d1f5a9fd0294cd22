// A figure of a run: declared once by its world, shown everywhere. The terminal, summary.json,
// comparison.json, the page and the documentation are visitors of these declarations; nobody else
// lists figures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace orrery::world {

/// What a number counts; tells how it is written for people.
enum class Unit : std::uint8_t { count, seconds, bytes, share, per_second, ratio };
/// How a figure of several seeds becomes one.
enum class Over : std::uint8_t { mean, sum, largest };
/// Which end is best, where one is.
enum class Best : std::uint8_t { none, least, most };
/// How prominent a figure is: in the lines of `orrery run`, the terminal's table and the page's
/// first table; in the tables of its group; or in summary.json and the documentation alone.
enum class Place : std::uint8_t { headline, table, detail };
/// What summary.json holds where a run has no such figure: `null`, or the object or figure is left
/// out.
enum class Absent : std::uint8_t { null, left_out };

struct Figure {
  std::string key;    ///< dotted path in summary.json: `jct_seconds.finished.mean`
  std::string group;  ///< title of the table it stands in: `Job completion time`
  std::string label;  ///< head of its column: `JCT mean`
  std::string help;   ///< one sentence for the documentation
  Unit unit = Unit::count;
  Over over = Over::mean;
  Best best = Best::none;
  Place place = Place::table;
  Absent absent = Absent::null;
  std::optional<double> value;  ///< of one run; nothing: the run has no such figure
};

}  // namespace orrery::world
