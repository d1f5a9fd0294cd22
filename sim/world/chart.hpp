// A chart of a run: one of a few kinds, each with one renderer on the page and one as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/figure.hpp"

namespace orrery::world {

/// A chart as its world declares it. The data is read from a CSV file of the run, so that a report
/// can be made again from disk.
struct Chart {
  enum class Kind : std::uint8_t {
    distribution,  ///< share of things at most x: one line a compared policy
    steps,         ///< values that hold until the next instant
    bars,          ///< a value a label
    heat,          ///< a value a row and column
    scatter,       ///< points
    lanes,         ///< what held which lane from when to when
  };
  Kind kind = Kind::distribution;
  std::string key = {};    ///< names the picture's file: `jct`
  std::string title = {};  ///< `Share of jobs finished within a time`
  std::string help = {};   ///< one sentence under the title; may be empty
  std::string file = {};   ///< in the directory of the world's files: `jobs.csv`
  /// The columns read, by what they are to this kind:
  ///   distribution  value, and what is subtracted from it; rows with an empty cell are left out
  ///   steps         time, then one value a further column; a name may end in `*`
  ///   bars          label, value
  ///   heat          row, column, value
  ///   scatter       x, y, and a label where there is a third
  ///   lanes         lane, begin, end, item, rows of the lane (`0-3;6`), group of the lane; the
  ///                 last two may be missing
  /// A chart whose columns are not in the file is left out.
  std::vector<std::string> columns = {};
  Unit x_unit = Unit::seconds;
  Unit y_unit = Unit::share;
  /// One chart for all compared policies; else one for each of them, chosen on the page.
  bool compared = true;
  std::string state_column = {};  ///< of distribution, bars, heat, scatter: rows with `state` here
  std::string state = {};
  /// Of distribution: the key of the figure that says how many values there could have been; a line
  /// of fewer ends below 100 %.
  std::string of = {};
  std::vector<std::string> limits = {};  ///< of steps: columns of what was available, as `columns`
  bool stacked = false;                  ///< of steps: values add up
  bool largest = false;  ///< of steps: an interval shows its largest value, not its mean
  // Words for axes and tooltips; empty: the unit alone.
  std::string x_name = {}, y_name = {};  ///< `completion time`; of heat: what columns and rows are
  std::string limit_name = {};           ///< of steps: `available`
  std::string lane_name = {};            ///< of lanes: before the name of a lane, `node`
  std::string row_name = {};             ///< of lanes: what a row is, `GPU`
  std::string item_name = {};            ///< of lanes: what a bar is, `job`
};

}  // namespace orrery::world
