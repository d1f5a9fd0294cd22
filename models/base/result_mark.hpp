// The mark of a directory of results: a file that only this program writes, with the list of what
// it wrote there. Only marked directories are replaced, and only what the list names is removed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/error.hpp"

namespace orrery::base {

/// The mark of one directory, locked: nobody else writes there while it lives.
///
/// The first line of the file is its title, each other one a path below the directory, a folder's
/// with a slash at its end. A folder with a mark of its own answers for itself. A name is listed
/// before its file is made, so that the list is whole after a kill.
class ResultMark {
 public:
  static constexpr const char* kName = ".orrery-results";

  /// Takes up a directory that exists: one with a mark, or an empty one, which gets it. Throws
  /// Error where another process holds the mark, saying which; where the directory holds files and
  /// no mark; and where it cannot be read or written.
  explicit ResultMark(std::string directory);
  ~ResultMark();
  ResultMark(ResultMark&& other) noexcept;
  ResultMark& operator=(ResultMark&&) = delete;

  const std::string& directory() const { return directory_; }
  /// Nothing is listed: the directory is as good as new.
  bool empty() const { return listed_.empty(); }
  bool lists(std::string_view name) const;
  /// Lists a file (`fifo/1.log`) or a folder (`fifo/`) that is to be made. Throws Error.
  void add(std::string_view name);
  /// The first thing in the directory that is not listed, or is another kind of thing than was
  /// made (a link, a folder for a file); empty: there is none. Throws Error where a folder below
  /// cannot be read or is being written by another process.
  std::string stranger() const;
  /// Removes what is listed and there, but for the mark itself; links are never followed. Throws
  /// Error for what cannot be removed.
  void remove_listed();
  /// Removes what is listed, the mark and, where nothing else is in it, the directory. The mark
  /// holds nothing afterwards.
  void remove_directory();
  /// Writes the list anew: each name once, in order, if it is there.
  void settle();
  /// The directory has another name now.
  void moved(std::string directory) { directory_ = std::move(directory); }
  /// Gives the lock back.
  void release();

 private:
  void open();
  void read();
  std::string path() const { return directory_ + '/' + kName; }

  std::string directory_;
  std::set<std::string, std::less<>> listed_;
  int file_ = -1;
};

/// Whether the directory has a mark.
bool has_mark(const std::string& directory);
/// What the mark of a directory lists and is not there any more, without taking the mark up; empty
/// where it has none. Throws Error where the mark cannot be read.
std::vector<std::string> missing_results(const std::string& directory);

/// Throws Error at `named` where `directory`, links followed, has a mark or lies in a directory
/// that has: files that the mark does not list would keep those results from being replaced.
void check_outside_results(const std::string& directory, const Where& named);

}  // namespace orrery::base
