// Child processes, a few at once, each with a log file and a pipe for what it tells its parent.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace orrery::experiment {

/// How a child ended.
struct ExitStatus {
  bool by_signal = false;
  int code = 0;  ///< exit code, or the number of the signal

  bool ok() const { return !by_signal && code == 0; }
};
/// `exit code 1`, `killed by signal 9`.
std::string to_string(const ExitStatus& status);

/// One process to run.
struct ProcessTask {
  std::vector<std::string> command;  ///< program (a path) and arguments
  std::string log_path;              ///< its standard error; no file is there where it said nothing
  std::string input = {};            ///< what it reads on its standard input
};

/// The next process to run, asked for when there is room for it; nothing: there is none.
using NextTask = std::function<std::optional<ProcessTask>()>;

/// What the pool tells while it works; an index counts the tasks that it was given.
struct ProcessEvents {
  std::function<void(std::size_t)> started;
  /// A line the child wrote to its standard output.
  std::function<void(std::size_t, const std::string&)> said;
  std::function<void(std::size_t, const ExitStatus&)> ended;
  /// Called at least every 200 ms; false stops the pool.
  std::function<bool()> go_on;
};

/// Runs all tasks, at most `at_once` at a time, as they come. Returns false when
/// `go_on` stopped it: children were told to end (SIGTERM, after ten seconds SIGKILL) and have
/// ended. Throws base::Error (run_failed) when a process or its log cannot be created.
bool run_processes(const NextTask& next, std::size_t at_once, const ProcessEvents& events);

}  // namespace orrery::experiment
