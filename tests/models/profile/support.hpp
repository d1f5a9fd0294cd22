// A small profile and a folder for it.
#pragma once

#include <filesystem>
#include <string>

#include "models/profile/profile.hpp"

namespace orrery::tests {

/// A profile with everything in it but `raw`. The numbers are made up.
models::DeviceProfile small_profile();

/// Three rows after a header.
std::string small_csv();

/// An empty folder, gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The text with its one `old` replaced; fails the test where there is none.
std::string edited(std::string text, const std::string& old, const std::string& with);

}  // namespace orrery::tests
