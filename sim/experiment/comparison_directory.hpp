// The directory a comparison writes into and resumes from.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/expansion.hpp"

namespace orrery::experiment {

/// Holds `experiment.yaml` (of the comparison as a whole: the mark by which it is known again), one
/// directory and one log for each run, and `comparison.json` and `report.html` once all is done.
class ComparisonDirectory {
 public:
  /// Creates the directory, or takes up one of the same experiment; anything else that exists is
  /// refused, or, if it holds earlier results and `force` says so, emptied. Throws base::Error,
  /// also when another process writes a comparison there.
  ComparisonDirectory(std::string path, const base::Node& document, bool force);
  ~ComparisonDirectory();
  ComparisonDirectory(const ComparisonDirectory&) = delete;
  ComparisonDirectory& operator=(const ComparisonDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string run_path(const RunPoint& point) const { return path_ + "/" + point.directory; }
  std::string log_path(const RunPoint& point) const { return run_path(point) + ".log"; }

  /// Whether the results of exactly this run are there.
  bool has(const RunPoint& point) const;
  /// Makes room for the run's log. Throws base::Error.
  void prepare(const RunPoint& point) const;
  /// The last lines of a run's log.
  std::vector<std::string> log_tail(const RunPoint& point) const;
  void remove_empty_log(const RunPoint& point) const;
  /// Removes what describes all runs together, because some of them are to be made.
  void remove_summaries() const;

 private:
  void lock();

  std::string path_;
  int lock_ = -1;
};

}  // namespace orrery::experiment
