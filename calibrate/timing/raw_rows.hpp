// The raw measurements: one row for each repeat, as CSV.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "models/base/csv.hpp"

namespace orrery::calibrate {

/// One repeat of a point, or the note that the point could not be made ready.
struct RawRow {
  std::string kernel;
  std::string point;  ///< CalibrationPoint::id
  std::string variant;
  std::string features;   ///< `bytes=4096 threads=2`
  int round = 0;          ///< from 1
  int repeat = 0;         ///< from 1 within the visit; 0 of a skipped point
  int repeats = 0;        ///< of this visit; 0 of a skipped point
  double seconds = 0;     ///< NaN (an empty cell) of a skipped point
  double at_seconds = 0;  ///< of the calibration's own time, when the visit ended
  std::string note;       ///< why it was skipped

  bool skipped() const { return repeats == 0; }
};

/// `bytes=4096 threads=2`, numbers as short as they read back.
std::string features_text(const models::NamedNumbers& features);

/// The header line, and rows as lines.
std::string raw_header();
std::string raw_lines(std::span<const RawRow> rows);

/// Reads the rows that follow a header which `reader` has read. Throws base::Error naming the line
/// of a field that is none.
RawRow raw_row(const base::CsvReader& reader);

/// The points of that kernel in `plan` that have repeats, each with the median and spread of all of
/// them, in the plan's order.
std::vector<MeasuredPoint> measured_points(std::string_view kernel,
                                           std::span<const CalibrationPoint> plan,
                                           std::span<const RawRow> rows);

}  // namespace orrery::calibrate
