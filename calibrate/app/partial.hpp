// A measurement that is not finished: a folder DIR/DEVICE.partial with the rows so far and what
// they belong to. The profile is written only at the end, so that none is ever half of one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "calibrate/timing/raw_rows.hpp"
#include "models/base/result_mark.hpp"

namespace orrery::calibrate::app {

/// What must be equal for a measurement to go on, by name: device, points, budget, program.
using Identity = std::vector<std::pair<std::string, std::string>>;

class Partial {
 public:
  /// Opens DIR/DEVICE.partial, or makes it, and holds it so that no other process measures into it.
  /// `force` drops what is there. Throws base::Error where another process holds it, where it holds
  /// what this program did not write, where it was begun with another identity (naming what
  /// differs), and where its rows are damaged.
  Partial(const std::string& directory, const std::string& device, const Identity& identity,
          bool force);
  const std::string& path() const { return path_; }
  /// The rows of whole visits that were there; a torn end is dropped.
  const std::vector<RawRow>& rows() const { return rows_; }
  /// Adds the rows of one visit, on disk when this returns. Throws base::Error where the disk is
  /// full.
  void append(std::span<const RawRow> rows);
  /// Removes it, after the profile was written.
  void remove();

 private:
  void require_same(const Identity& identity) const;
  void read_rows();

  std::string path_;
  std::vector<RawRow> rows_;
  std::optional<base::ResultMark> mark_;
};

}  // namespace orrery::calibrate::app
