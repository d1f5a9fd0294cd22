// Starts the command in a folder of its own, as a person would.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace orrery::app::test {

/// What a command said and how it ended.
struct Outcome {
  int code = 0;                    ///< exit code; 128 + signal where one ended it
  std::size_t peak_megabytes = 0;  ///< of memory, its children's too
  std::string out;
  std::string err;
};

/// A new empty folder, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;

  /// Runs `orrery ARGUMENTS` here with `environment` (NAME=VALUE) added.
  Outcome orrery(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment = {}) const;
  /// Starts it and comes back at once; `finish` waits for it.
  pid_t start(const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment = {}) const;
  Outcome finish(pid_t process) const;

 private:
  std::string path_;
};

/// A small experiment that works, and its trace: write both as `exp.yaml` and `jobs.csv`.
std::string small_experiment();
std::string small_trace();
/// A folder with both.
void write_small_experiment(const Folder& folder);

/// Files below a folder, without what depends on the machine (`performance.json`,
/// `comparison.json`, `report.html` of comparisons, logs), as `path: content`.
std::vector<std::string> deterministic_files(const std::string& directory);

}  // namespace orrery::app::test
