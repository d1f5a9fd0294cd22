// The public data sets, where they are at hand.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace orrery::test {

/// A file of theirs: below the folder of ORRERY_DATA or, without it, beside the project.
inline std::string data_path(const std::string& file) {
  const char* set = std::getenv("ORRERY_DATA");
  const std::filesystem::path root =
      set != nullptr && *set != '\0' ? std::filesystem::path(set)
                                     : std::filesystem::path(ORRERY_SOURCE_DIR) / "../shared/data";
  return (root / file).string();
}

/// Whether it is there; a visible message where it is not.
inline bool available(const std::string& file) {
  if (std::filesystem::exists(data_path(file))) return true;
  MESSAGE("skipped: no " << data_path(file));
  return false;
}

}  // namespace orrery::test
