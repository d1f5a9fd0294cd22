// A bound on how much is written: records of a run that never ends would fill a disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace orrery::base {

/// While it lives, what this thread writes by FileWriter may have so many bytes in all; one more is
/// an Error that ends with `advice`. Another that is made meanwhile has its own.
class WriteLimit {
 public:
  WriteLimit(double bytes, std::string advice);
  ~WriteLimit();
  WriteLimit(const WriteLimit&) = delete;
  WriteLimit& operator=(const WriteLimit&) = delete;

  /// Said by writers, before they write. Throws Error (run_failed).
  static void count(const std::string& path, std::size_t bytes);

 private:
  double limit_;
  double left_;
  std::string advice_;
  WriteLimit* outer_;
};

}  // namespace orrery::base
