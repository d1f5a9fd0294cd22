// The directory a comparison writes into and resumes from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/result_directory.hpp"
#include "sim/experiment/expansion.hpp"

namespace orrery::experiment {

/// Holds `experiment.yaml` (of the comparison as a whole, by which it is known again), one
/// directory and one log for each run, and `comparison.json` and `report.html` once all is done.
/// While it lives nobody else writes there.
class ComparisonDirectory {
 public:
  /// Creates the directory, or takes up one of the same experiment; anything else that exists is
  /// refused, or, if it holds earlier results and `replacing` says so, emptied of them. Throws
  /// base::Error, also when another process writes there.
  ComparisonDirectory(const std::string& path, const base::Node& document,
                      const base::Replacing& replacing);

  const std::string& path() const { return path_; }
  std::string run_path(const RunPoint& point) const { return path_ + "/" + point.directory; }
  std::string log_path(const RunPoint& point) const { return run_path(point) + ".log"; }

  /// Whether the results of exactly this run are there.
  bool has(const RunPoint& point) const;
  /// Makes room for the run and its log. Throws base::Error, also where something else than earlier
  /// results is in the way.
  void prepare(const RunPoint& point);
  /// The last lines of a run's log.
  std::vector<std::string> log_tail(const RunPoint& point) const;
  /// Whether the log had nothing in it, or was not there.
  bool remove_empty_log(const RunPoint& point) const;
  /// Removes what describes all runs together, because some of them are to be made.
  void remove_summaries() const;
  /// Writes such a file. Throws base::Error.
  void write_summary(const char* name, const std::string& text);
  /// Writes down what is there now that all is done.
  void settle() { mark_->settle(); }

 private:
  void check_room(const RunPoint& point) const;
  void take_up(const base::Node& document, const base::Replacing& replacing);

  std::string path_;
  std::optional<base::ResultMark> mark_;
};

/// Throws base::Error where a run would go where a comparison writes a file of its own.
void check_run_name(const RunPoint& point, const base::Where& where);

}  // namespace orrery::experiment
