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
  std::string features;          ///< `bytes=4096 threads=2`
  int round = 0;                 ///< from 1
  int repeat = 0;                ///< from 1 within the visit; 0 of a skipped point
  int repeats = 0;               ///< of this visit; 0 of a skipped point
  double seconds = 0;            ///< NaN (an empty cell) of a skipped point
  std::string disturbed;         ///< the signs of it, in words (watch.hpp); empty: none
  double yardstick_seconds = 0;  ///< beside its visit; 0 (an empty cell) where none was timed
  double at_seconds = 0;         ///< of the calibration's own time, when the visit ended
  std::string note;              ///< why it was skipped

  bool skipped() const { return repeats == 0; }
};

/// `bytes=4096 threads=2`, numbers as short as they read back.
std::string features_text(const models::NamedNumbers& features);

/// The header line, and rows as lines.
std::string raw_header();
std::string raw_lines(std::span<const RawRow> rows);

/// The rows of a file. Reads files without the columns `disturbed` and `yardstick_seconds` too,
/// which earlier versions wrote. Throws base::Error naming the line of a field that is none, and
/// where the file has other columns.
std::vector<RawRow> read_raw_rows(const std::string& path);

}  // namespace orrery::calibrate
