// The rows of a file that count in a chart.
#pragma once

#include <optional>
#include <string>

#include "models/base/csv.hpp"
#include "sim/world/chart.hpp"

namespace orrery::report {

class RowFilter {
 public:
  RowFilter(const base::CsvReader& csv, const world::Chart& chart)
      : all_(chart.state_column.empty()),
        column_(all_ ? std::nullopt : csv.find_column(chart.state_column)),
        state_(chart.state) {}

  /// Whether the file has the column that tells.
  bool known() const { return all_ || column_.has_value(); }
  /// Of the row in hand.
  bool keeps(const base::CsvReader& csv) const { return all_ || csv[*column_] == state_; }

 private:
  bool all_;
  std::optional<std::size_t> column_;
  std::string state_;
};

}  // namespace orrery::report
