#include "sim/experiment/comparison_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "models/base/numbers.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/placed_document.hpp"
#include "sim/experiment/comparison_directory.hpp"
#include "sim/experiment/comparison_progress.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/interruption.hpp"
#include "sim/experiment/process_pool.hpp"
#include "sim/experiment/uncertainty_option.hpp"
#include "sim/experiment/validation.hpp"
#include "sim/report/html_report.hpp"
#include "sim/report/runs_csv.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Fault;

/// The runs of a comparison and what is known of their inputs.
class Runs {
 public:
  Runs(const base::Node& document, const Narrowing& narrowing)
      : points_(document, narrowing), checks_(points_) {
    for (std::size_t i = 0; i < size(); ++i) check_run_name(points_[i], document.where);
    checks_.check_first(kInputsCheckedFirst);
  }
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  std::size_t size() const { return points_.size(); }
  const RunKey& operator[](std::size_t number) const { return points_[number]; }
  const std::set<std::string>& inputs() const { return points_.inputs(); }
  /// Whether its results are there: the run id covers what its input opens.
  bool are_in(const ComparisonDirectory& directory, std::size_t number) {
    if (!directory.may_have(points_[number])) return false;
    checks_.check(number);
    return directory.has(points_[number]);
  }
  std::vector<std::size_t> missing_in(const ComparisonDirectory& directory) {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < size(); ++i)
      if (!are_in(directory, i)) missing.push_back(i);
    return missing;
  }
  /// The document of a run whose input can be read. Throws base::Error.
  base::Node checked_document(std::size_t number) {
    checks_.check(number);
    return points_.document(number);
  }

 private:
  Expansion points_;
  InputChecks checks_;
};

/// The process that makes one run: it reads the run's own document from its standard input, so that
/// nothing is expanded or hashed again.
ProcessTask child_process(const CompareOptions& options, const RunKey& run,
                          const base::Node& document, const ComparisonDirectory& directory) {
  ProcessTask task;
  task.command = {options.program, "run-point", "--out",    directory.run_path(run),
                  "--run-id",      run.run_id,  "--policy", run.policy};
  for (const auto& [key, value] : run.point) {
    task.command.push_back("--point");
    task.command.push_back(fmt::format("{}={}", key, value));
  }
  if (!options.trace) task.command.push_back("--no-trace");
  task.log_path = directory.log_path(run);
  task.input = base::to_placed_text(document);
  return task;
}

/// Makes the missing runs; what went wrong is told at once, and again in the comparison.
class Batch {
 public:
  Batch(const CompareOptions& options, Runs& runs, std::vector<std::size_t> pending,
        ComparisonDirectory& directory)
      : options_(options),
        runs_(runs),
        pending_(std::move(pending)),
        directory_(directory),
        progress_(pending_.size(), options.progress) {}

  /// Returns false when it was interrupted.
  bool run() {
    ProcessEvents events;
    events.started = [this](std::size_t task) { progress_.started(run_of(task).directory); };
    events.said = [this](std::size_t task, const std::string& line) { listen(task, line); };
    events.ended = [this](std::size_t task, const ExitStatus& status) { finish(task, status); };
    events.go_on = [this] {
      progress_.refresh();
      return !InterruptionGuard::requested();
    };
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const bool whole =
        run_processes([this] { return next(); }, options_.jobs > 0 ? options_.jobs : cores, events);
    return whole && !InterruptionGuard::requested();
  }

  /// Why run number `index` of the expansion failed; empty where it did not.
  std::string failure(std::size_t index) const {
    const auto found = failures_.find(index);
    return found == failures_.end() ? "" : found->second;
  }

 private:
  const RunKey& run_of(std::size_t task) const { return runs_[indices_[task]]; }

  /// The next run that can be started.
  std::optional<ProcessTask> next() {
    while (next_ < pending_.size() && !InterruptionGuard::requested()) {
      const std::size_t index = pending_[next_++];
      const RunKey& run = runs_[index];
      try {
        const base::Node document = runs_.checked_document(index);
        directory_.prepare(run);
        indices_.push_back(index);
        return child_process(options_, run, document, directory_);
      } catch (const Error& error) {
        failures_[index] = error.sentence();
        progress_.ended(run.directory, "FAILED, " + std::string(error.what()));
      }
    }
    return std::nullopt;
  }

  void listen(std::size_t task, const std::string& line) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) return;
    const auto fraction = base::parse_double(std::string_view(line).substr(0, blank));
    const auto events = base::parse_integer(std::string_view(line).substr(blank + 1));
    if (fraction && events && *events >= 0)
      progress_.advanced(run_of(task).directory, *fraction, static_cast<std::uint64_t>(*events));
  }

  void finish(std::size_t task, const ExitStatus& status) {
    const RunKey& run = run_of(task);
    const double seconds = progress_.seconds(run.directory);
    if (directory_.has(run)) {
      progress_.ended(run.directory, fmt::format("done in {:.1f} s", seconds));
      return;
    }
    if (InterruptionGuard::requested()) return;
    const std::vector<std::string> log = directory_.log_tail(run);
    std::string& failure = failures_[indices_[task]];
    failure = to_string(status);
    progress_.ended(run.directory,
                    log.empty() ? "FAILED, " + failure
                                : fmt::format("FAILED, {}; its log {} ends with", failure,
                                              directory_.log_path(run)),
                    log);
    if (!log.empty()) failure += ": " + log.back();
  }

  const CompareOptions& options_;
  Runs& runs_;
  std::vector<std::size_t> pending_;  // by number in the expansion
  std::size_t next_ = 0;              // in pending_
  ComparisonDirectory& directory_;
  ComparisonProgress progress_;
  std::vector<std::size_t> indices_;             // of each task in the expansion
  std::map<std::size_t, std::string> failures_;  // by number in the expansion
};

/// Why runs are not there or not complete, in the order of the expansion.
std::vector<std::string> failures_of(const Runs& runs, const std::vector<std::size_t>& lost,
                                     const Batch& batch, const report::Comparison& comparison) {
  std::vector<std::string> failures;
  std::size_t next = 0;  // of the runs that are there
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool is_lost = std::ranges::binary_search(lost, i);
    const std::string reason = is_lost ? batch.failure(i) : comparison.runs[next++].left_undone();
    if (is_lost || !reason.empty())
      failures.push_back(fmt::format("{}: {}", runs[i].directory, reason));
  }
  return failures;
}

[[noreturn]] void leave_interrupted(Runs& runs, const ComparisonDirectory& directory) {
  const std::size_t missing = runs.missing_in(directory).size();
  throw Error({directory.path(), 0, 0, ""},
              fmt::format("interrupted with {} of {} runs finished; the same command goes on with "
                          "the rest",
                          runs.size() - missing, runs.size()),
              Fault::interrupted);
}

}  // namespace

CompareResult run_comparison(const CompareOptions& options) {
  const InterruptionGuard guard;
  std::optional<base::OpenedFiles> opened(std::in_place);
  const base::Node document = load_document(options.file, options.sets);
  Runs runs(document, options.narrowing);
  base::Replacing replacing{options.force, opened->paths()};
  replacing.inputs.insert(replacing.inputs.end(), runs.inputs().begin(), runs.inputs().end());
  opened.reset();
  ComparisonDirectory directory(options.out, document, replacing);

  const std::vector<std::size_t> pending = runs.missing_in(directory);
  CompareResult result;
  result.out = directory.path();
  result.resumed = runs.size() - pending.size();
  if (!pending.empty()) directory.remove_summaries();
  Batch batch(options, runs, pending, directory);
  if (!batch.run()) leave_interrupted(runs, directory);

  const std::vector<std::size_t> lost = runs.missing_in(directory);
  std::vector<std::string> finished;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (!std::ranges::binary_search(lost, i)) finished.push_back(runs[i].directory);
  result.made = finished.size() - std::min(finished.size(), result.resumed);
  result.comparison = report::compare_runs(directory.path(), finished, uncertainty_of(document));
  result.comparison.failed = failures_of(runs, lost, batch, result.comparison);
  directory.write_summary("comparison.json", report::to_json(result.comparison));
  if (!finished.empty()) directory.write_summary("runs.csv", report::runs_csv(result.comparison));
  if (!finished.empty())
    directory.write_summary("report.html", report::html_report(directory.path()));
  directory.settle();
  return result;
}

void require_complete(const CompareResult& result) {
  if (result.comparison.failed.empty()) return;
  std::string runs;
  for (const std::string& run : result.comparison.failed) runs += "; " + run;
  throw Error({result.out, 0, 0, ""},
              fmt::format("{} of the runs did not finish{}", result.comparison.failed.size(), runs),
              Fault::run_failed);
}

}  // namespace orrery::experiment
