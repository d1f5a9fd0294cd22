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
  std::string run_path(const RunKey& point) const { return path_ + "/" + point.directory; }
  std::string log_path(const RunKey& point) const { return run_path(point) + ".log"; }

  /// Whether results are there that may be this run's.
  bool may_have(const RunKey& point) const;
  /// Whether the results of exactly this run are there.
  bool has(const RunKey& point) const;
  /// Makes room for the run and its log. Throws base::Error, also where something else than earlier
  /// results is in the way.
  void prepare(const RunKey& point);
  /// The last lines of a run's log; none where it said nothing.
  std::vector<std::string> log_tail(const RunKey& point) const;
  /// Removes what describes all runs together, because some of them are to be made.
  void remove_summaries() const;
  /// Writes such a file. Throws base::Error.
  void write_summary(const char* name, const std::string& text);
  /// Writes down what is there now that all is done.
  void settle() { mark_->settle(); }

 private:
  void check_room(const RunKey& point) const;
  void take_up(const base::Node& document, const base::Replacing& replacing);

  std::string path_;
  std::optional<base::ResultMark> mark_;
};

/// Throws base::Error where a run would go where a comparison writes a file of its own.
void check_run_name(const RunKey& point, const base::Where& where);

}  // namespace orrery::experiment
