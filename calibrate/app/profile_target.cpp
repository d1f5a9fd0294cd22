#include "calibrate/app/profile_target.hpp"

#include <filesystem>

#include "calibrate/timing/raw_rows.hpp"
#include "models/base/error.hpp"
#include "models/base/path_kind.hpp"
#include "models/base/text_file.hpp"

namespace orrery::calibrate::app {

namespace fs = std::filesystem;

namespace {

// Every profile begins with this key.
constexpr std::string_view kProfileStart = "schema_version:";

/// Whether the first line of a file begins so; false where it cannot be read.
bool begins_with(const std::string& path, std::string_view start) {
  try {
    base::LineReader lines(path);
    std::string_view line;
    return lines.next(line) && line.starts_with(start);
  } catch (const base::Error&) {
    return false;
  }
}

void check_file(const std::string& path, std::string_view start, const char* what, bool force) {
  const base::PathKind kind = base::path_kind(path);
  if (kind == base::PathKind::nothing) return;
  const base::Where where{.file = path, .line = 0, .column = 0, .key = {}};
  if (!force) throw base::Error(where, "is there already; --force measures anew and replaces it");
  if (kind != base::PathKind::file || !begins_with(path, start))
    throw base::Error(where, std::string("is not ") + what +
                                 ", so --force does not replace it; name another device or folder");
}

}  // namespace

void check_profile_target(const std::string& directory, const std::string& device, bool force) {
  const std::string path = (fs::path(directory) / device).string();
  std::string header = raw_header();
  while (!header.empty() && header.back() == '\n') header.pop_back();
  check_file(path + ".yaml", kProfileStart, "a profile of this program", force);
  check_file(path + ".csv", header, "a file of measurements of this program", force);
}

}  // namespace orrery::calibrate::app
