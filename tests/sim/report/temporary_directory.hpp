// Files of tests, in a directory of their own.
#pragma once

#include <string>

namespace orrery::report::testing {

/// A directory below the system's temporary one, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Makes the folder, too.
void write_text(const std::string& path, const std::string& text);
std::string read_text(const std::string& path);

}  // namespace orrery::report::testing
