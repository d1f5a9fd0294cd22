// Profiles as files: one YAML, and the raw measurements as CSV beside it.
#pragma once

#include <string>
#include <string_view>

#include "models/profile/profile.hpp"

namespace orrery::models {

/// A profile with what identifies it.
struct ProfileFile {
  DeviceProfile profile;
  std::string path;
  std::string sha256;  ///< of the YAML's bytes; results name it
};

/// Reads a profile and checks that the CSV beside it is there and has the hash and the rows that
/// the profile says. Throws base::Error naming file, line and key for anything that is not a
/// profile of this version: an unknown or missing key, a number that is not finite, a cost that
/// stands twice, a future schema_version, a CSV that is absent or was changed.
ProfileFile read_profile(const std::string& path);

/// The profile that YAML text describes, `name` in errors; the CSV is not looked at. Throws
/// base::Error as read_profile does.
DeviceProfile parse_profile(std::string_view yaml, const std::string& name);

/// The profile as YAML: same profile, same bytes, and read_profile gives it back exactly. Throws
/// base::Error naming the key of a number that is not finite.
std::string profile_yaml(const DeviceProfile& profile);

/// Writes `raw_csv` to `directory`/`device`.csv and the profile to `directory`/`device`.yaml, in
/// this order and each atomically, so that a profile is never seen without its measurements. Fills
/// in profile.raw (file, hash, rows: lines after the header). Throws base::Error, before anything
/// is written where read_profile would refuse the profile.
void write_profile(DeviceProfile& profile, std::string_view raw_csv, const std::string& directory);

}  // namespace orrery::models
