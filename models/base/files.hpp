// Files that are either whole or absent.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace orrery::base {

/// How names begin under which files of this program stand for a moment.
inline constexpr std::string_view kPassingPrefix = ".orrery-tmp-";

/// Writes all of it into an open file; false where that failed, with errno.
bool write_all(int file, std::string_view content);

/// Writes a file whole: its earlier content stands until the new one is complete. What is not a
/// regular file (a device, a pipe) is written through, and a link leads to the file it names.
/// Throws Error.
void write_file_atomically(const std::string& path, std::string_view content);

/// A file written piece by piece, checked at every write and at `close`. Throws Error when the
/// disk is full, a WriteLimit is met or the file cannot be created.
class FileWriter {
 public:
  explicit FileWriter(std::string path);
  void write(std::string_view text);
  void close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
};

}  // namespace orrery::base
