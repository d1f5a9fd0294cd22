// What a child says on its standard error, kept where it says something.
#pragma once

#include <string>

namespace orrery::experiment {

/// A file without a name while the child writes, so that nothing stays of it where parent and child
/// are killed. It gets its name at the end, and only where something stands in it.
class ChildLog {
 public:
  /// An earlier log at `path` goes. Throws base::Error (run_failed) where no file can be made.
  explicit ChildLog(std::string path);
  ~ChildLog();
  ChildLog(ChildLog&& other) noexcept;
  ChildLog& operator=(ChildLog&& other) noexcept;

  /// Where the child writes.
  int descriptor() const { return file_; }
  /// The child has ended.
  void settle();

 private:
  void close();

  std::string path_;
  int file_ = -1;
  bool named_ = false;  ///< the file system has no files without a name
};

}  // namespace orrery::experiment
