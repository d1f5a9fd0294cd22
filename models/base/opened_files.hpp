// Which files were opened for reading: what a result depends on.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

namespace orrery::base {

/// Collects the paths of files that this thread opens for reading while it lives, each once, in
/// order. Another that is made meanwhile collects its own; both have what is opened then.
///
/// The readers of this program tell it themselves (text, binary and gzip files), because a list
/// that somebody keeps beside them forgets some.
class OpenedFiles {
 public:
  OpenedFiles();
  ~OpenedFiles();
  OpenedFiles(const OpenedFiles&) = delete;
  OpenedFiles& operator=(const OpenedFiles&) = delete;

  const std::vector<std::string>& paths() const { return paths_; }
  /// Whether a path leads to one of them.
  bool include(const std::string& path) const;

  /// Said by readers.
  static void opened(const std::string& path);

 private:
  std::vector<std::string> paths_;
  std::unordered_set<std::string> known_;
  OpenedFiles* outer_;
};

}  // namespace orrery::base
