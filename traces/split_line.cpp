#include "traces/split_line.hpp"

#include <algorithm>

namespace orrery::traces {

void SplitLine::split(std::string_view line, std::size_t line_number, char separator) {
  fields_.clear();
  line_number_ = line_number;
  for (;;) {
    const std::size_t stop = line.find(separator);
    fields_.push_back(line.substr(0, stop));
    if (stop == std::string_view::npos) break;
    line.remove_prefix(stop + 1);
  }
  check_count();
}

void SplitLine::split_blanks(std::string_view line, std::size_t line_number) {
  fields_.clear();
  line_number_ = line_number;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t stop = std::min(line.find_first_of(" \t"), line.size());
    fields_.push_back(line.substr(0, stop));
    line.remove_prefix(stop);
  }
  check_count();
}

void SplitLine::check_count() const {
  if (fields_.size() == columns_.size()) return;
  throw base::Error({path_, static_cast<int>(line_number_), 0, ""},
                    "found " + std::to_string(fields_.size()) + " fields, expected " +
                        std::to_string(columns_.size()));
}

base::Where SplitLine::where(std::size_t column) const {
  return {path_, static_cast<int>(line_number_), 0, std::string(columns_[column])};
}

}  // namespace orrery::traces
