// A figure of a run: declared once by its world, shown everywhere. The terminal, summary.json,
// comparison.json, the page and the documentation are visitors of these declarations; nobody else
// lists figures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace orrery::world {

/// What a number counts; tells how it is written for people.
enum class Unit : std::uint8_t {
  count,       ///< whole things: `51346`; JSON has it without a point
  number,      ///< any other number of things: `3.27`
  seconds,     ///< `3.21 h`
  bytes,       ///< `1.5 GiB`; whole, too
  share,       ///< of 1: `47.7 %`
  per_second,  ///< `12.3`
  ratio,       ///< `1.24x`
};
/// How a figure of several seeds becomes one.
enum class Over : std::uint8_t { mean, sum, largest };
/// Which end is best, where one is.
enum class Best : std::uint8_t { none, least, most };
/// How prominent a figure is: in the first table of the terminal and of the page; in the table of
/// its group on the page; or in summary.json and the documentation alone.
enum class Place : std::uint8_t { headline, table, detail };
/// What summary.json holds where a run has no such figure: `null` at its key, `null` at the object
/// that holds it (a distribution as a whole), or nothing at all.
enum class Absent : std::uint8_t { null, null_object, left_out };
/// Where a zero is worth a place: everywhere; not in the lines of `orrery run`; nor in a table, as
/// long as all its rows have zero.
enum class Zero : std::uint8_t { shown, not_in_lines, left_out };

struct Figure {
  std::string key = {};    ///< dotted path in summary.json: `jct_seconds.finished.mean`
  std::string group = {};  ///< title of the table it stands in: `Job completion time`
  std::string label = {};  ///< head of its column: `JCT mean`
  std::string help = {};   ///< one sentence for the documentation
  Unit unit = Unit::count;
  Over over = Over::mean;
  Best best = Best::none;
  Place place = Place::table;
  Absent absent = Absent::null;
  Zero zero = Zero::shown;
  /// It goes over what this run itself got done (its finished jobs): where compared runs got
  /// different things done, none of them is best.
  bool over_own = false;
  /// The line of `orrery run` that it stands in, `jobs`; empty: none. Figures that share a line are
  /// told apart by the last word of their key: `10 submitted, 9 finished`.
  std::string line = {};
  std::optional<double> value = {};  ///< of one run; nothing: the run has no such figure
};

}  // namespace orrery::world
