// A CSV file written row by row, with a bounded buffer.
#pragma once

#include <string>
#include <vector>

#include "models/base/csv.hpp"
#include "models/base/files.hpp"

namespace orrery::report {

class CsvFile {
 public:
  CsvFile(std::string path, const std::vector<std::string>& header)
      : file_(std::move(path)), rows_(header) {}

  /// The row in hand; fill all its fields, then call `end_row`.
  base::CsvWriter& row() { return rows_; }
  void end_row() {
    rows_.end_row();
    if (rows_.text().size() >= kBufferBytes) flush();
  }
  void close() {
    flush();
    file_.close();
  }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

  void flush() { file_.write(rows_.take()); }

  base::FileWriter file_;
  base::CsvWriter rows_;
};

}  // namespace orrery::report
