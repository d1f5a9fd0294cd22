#include "models/profile/profile_file.hpp"

#include <algorithm>
#include <filesystem>

#include "models/base/binary_file.hpp"
#include "models/base/document.hpp"
#include "models/base/files.hpp"
#include "models/base/hash.hpp"
#include "models/profile/profile_document.hpp"

namespace orrery::models {

namespace fs = std::filesystem;
using base::Error;
using base::Node;

namespace {

// A profile has a few hundred lines and its measurements a few thousand.
constexpr std::uint64_t kLargestProfile = std::uint64_t{16} << 20;
constexpr std::uint64_t kLargestRaw = std::uint64_t{256} << 20;

/// The bytes as they are, since their hash is what `sha256sum` prints.
std::string bytes_of(const std::string& path, std::uint64_t most) {
  base::BinaryFile file(path);
  if (file.size_bytes() > most) {
    throw Error({path, 0, 0, ""}, "found " + std::to_string(file.size_bytes()) +
                                      " bytes, expected at most " + std::to_string(most));
  }
  return file.read(0, file.size_bytes());
}

/// Lines after the first; a last line without its end counts.
std::size_t rows_of(std::string_view csv) {
  auto lines = static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n'));
  if (!csv.empty() && csv.back() != '\n') ++lines;
  return lines == 0 ? 0 : lines - 1;
}

/// The folder of `path` with `name` in it.
std::string beside(const std::string& path, const std::string& name) {
  return (fs::path(path).parent_path() / name).string();
}

/// Holds the measurements against what `raw` of the profile says of them.
void check_raw(const Node& raw, const RawMeasurements& said, const std::string& path) {
  const std::string file = beside(path, said.file);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw Error(raw.find("file")->where,
                "found no file '" + file + "', expected the raw measurements beside the profile");
  }
  const std::string csv = bytes_of(file, kLargestRaw);
  const std::string hash = base::sha256_hex(csv);
  if (hash != said.sha256) {
    throw Error(raw.find("sha256")->where,
                "'" + file + "' was changed: found the hash " + hash + ", expected " + said.sha256);
  }
  if (const std::size_t rows = rows_of(csv); rows != said.rows) {
    throw Error(raw.find("rows")->where, "'" + file + "' has another length: found " +
                                             std::to_string(rows) + " rows, expected " +
                                             std::to_string(said.rows));
  }
}

}  // namespace

DeviceProfile parse_profile(std::string_view yaml, const std::string& name) {
  return profile_of_document(base::parse_yaml(yaml, name));
}

ProfileFile read_profile(const std::string& path) {
  const std::string yaml = bytes_of(path, kLargestProfile);
  const Node document = base::parse_yaml(yaml, path);
  ProfileFile file{profile_of_document(document), path, base::sha256_hex(yaml)};
  check_raw(*document.find("raw"), file.profile.raw, path);
  return file;
}

std::string profile_yaml(const DeviceProfile& profile) {
  return base::to_yaml(document_of_profile(profile));
}

void write_profile(DeviceProfile& profile, std::string_view raw_csv, const std::string& directory) {
  profile.raw = {profile.device + ".csv", base::sha256_hex(raw_csv), rows_of(raw_csv)};
  const std::string yaml = profile_yaml(profile);
  const std::string name = profile.device + ".yaml";
  parse_profile(yaml, name);  // nothing is written that nobody could read
  const fs::path folder(directory);
  base::write_file_atomically((folder / profile.raw.file).string(), raw_csv);
  base::write_file_atomically((folder / name).string(), yaml);
}

}  // namespace orrery::models
