// A line without a header, split into fields whose names are known from the format.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/error.hpp"

namespace orrery::traces {

class SplitLine {
 public:
  /// `columns` names the fields, in order; the texts must outlive this.
  SplitLine(std::string path, std::span<const std::string_view> columns)
      : path_(std::move(path)), columns_(columns) {}

  /// Splits at every `separator`. Throws Error when the number of fields differs.
  void split(std::string_view line, std::size_t line_number, char separator);
  /// Splits at runs of blanks and tabs; the same Error.
  void split_blanks(std::string_view line, std::size_t line_number);

  std::string_view operator[](std::size_t column) const { return fields_[column]; }
  base::Where where(std::size_t column) const;
  std::size_t line_number() const { return line_number_; }

 private:
  void check_count() const;

  std::string path_;
  std::span<const std::string_view> columns_;
  std::vector<std::string_view> fields_;
  std::size_t line_number_ = 0;
};

}  // namespace orrery::traces
