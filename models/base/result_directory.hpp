// A directory of results that appears whole, under its name, or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/result_mark.hpp"

namespace orrery::base {

/// A folder for files of results; each file is named to it before it is made.
class ResultFolder {
 public:
  /// A folder that keeps no list, for files that are not results.
  explicit ResultFolder(std::string path) : path_(std::move(path)) {}
  /// The folder `prefix` (empty, or with a slash at its end) of a marked directory.
  ResultFolder(ResultMark& mark, std::string prefix);

  const std::string& path() const { return path_; }
  /// The path of a file that is to be made in it. Throws Error.
  std::string file(std::string_view name) const;
  /// Makes a folder in it. Throws Error.
  ResultFolder folder(std::string_view name) const;

 private:
  std::string path_;
  ResultMark* mark_ = nullptr;
  std::string prefix_;
};

/// What `--out` and `--force` say of a directory.
struct Replacing {
  bool allowed = false;             ///< earlier results may be replaced
  std::vector<std::string> inputs;  ///< files that are read: they are never replaced
};

/// The directory as it is named from here on: without slashes at its end, `.` and `..` resolved.
/// Throws Error for an empty name.
std::string result_path(const std::string& path);

/// Throws Error where replacing what is in the directory would remove more than earlier results:
/// files that its mark does not list, a file that is read, the current folder.
void check_replaceable(const ResultMark& mark, const Replacing& replacing);

/// A directory of results: written as `DIR.partial`, renamed to `DIR` by `commit`. Left without
/// `commit` (an exception, an interruption) the `.partial` stays behind for the log, never `DIR`.
/// While it lives nobody else writes to either.
class ResultDirectory {
 public:
  /// Throws Error where `path` exists, unless it is an empty directory or holds results that are to
  /// be replaced; where `DIR.partial` holds anything but an unfinished run; where another process
  /// writes to one of them; and where they cannot be created.
  ResultDirectory(const std::string& path, const Replacing& replacing);

  /// Where its files go until `commit`.
  ResultFolder folder() { return {*partial_, ""}; }
  /// The path of a file inside, in the `.partial` directory until `commit`.
  std::string file(std::string_view name) { return folder().file(name); }
  const std::string& partial_path() const { return partial_->directory(); }
  /// Gives the directory its name. Throws Error where something else stands there now.
  void commit();

 private:
  void make_partial();
  void replace();

  std::string path_;
  Replacing replacing_;
  std::optional<ResultMark> old_;      // of the results that are replaced
  std::optional<ResultMark> partial_;  // of what is being written
};

}  // namespace orrery::base
