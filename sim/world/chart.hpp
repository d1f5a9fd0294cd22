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
  std::string key;    ///< names the picture's file: `jct`
  std::string title;  ///< `Share of finished jobs completed within a time`
  std::string help;   ///< one sentence under the title; may be empty
  std::string file;   ///< in the run's directory: `jobs.csv`
  Unit x_unit = Unit::seconds;
  Unit y_unit = Unit::count;
  /// One chart for all compared policies; else one for each run, chosen on the page.
  bool compared = true;
  /// The columns read, by what they are to this kind:
  ///   distribution  value (or value minus the second); rows with an empty cell are left out
  ///   steps         time, then one value a further column; a name may end in `*`
  ///   bars          label, value
  ///   heat          row, column, value
  ///   scatter       x, y, and a label where there is a third
  ///   lanes         lane, begin, end, item
  std::vector<std::string> columns;
  bool stacked = false;  ///< of steps: values add up
};

}  // namespace orrery::world
