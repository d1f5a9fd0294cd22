// Whether a file of results is there: records may be switched off.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace orrery::report {

inline bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

}  // namespace orrery::report
