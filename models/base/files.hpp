// Files that are either whole or absent.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace orrery::base {

/// Writes a file through a temporary neighbour and a rename. Throws Error.
void write_file_atomically(const std::string& path, std::string_view content);

/// A file written piece by piece, checked at every write and at `close`. Throws Error when the
/// disk is full or the file cannot be created.
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

/// A directory of results: written as `DIR.partial`, renamed to `DIR` by `commit`. Left without
/// `commit` (an exception, an interruption) the `.partial` stays behind for the log, never `DIR`.
class ResultDirectory {
 public:
  /// Throws Error when `path` exists and is not `force`d, or cannot be created. With `force` an
  /// existing directory is replaced at commit, and only if it holds earlier results (a
  /// `summary.json` or `comparison.json`) or is empty.
  ResultDirectory(std::string path, bool force);

  /// The path of a file inside, in the `.partial` directory until `commit`.
  std::string file(std::string_view name) const;
  const std::string& partial_path() const { return partial_; }
  void commit();

 private:
  std::string path_;
  std::string partial_;
  bool force_;
};

}  // namespace orrery::base
