// A folder of files for one test case.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"

namespace orrery::experiment::test {

/// A new empty folder, removed at the end.
class Files {
 public:
  Files();
  ~Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  const std::string& path() const { return path_; }
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

/// Keys that every experiment needs, with a generated workload of 20 jobs.
std::string plain_experiment();

/// The sentence of the error that `call` ends with; empty when it ends without.
template <class F>
std::string error_of(F&& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.sentence();
  }
  return "";
}

}  // namespace orrery::experiment::test
