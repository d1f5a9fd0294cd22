#include "sim/experiment/comparison_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "models/base/numbers.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/placed_document.hpp"
#include "sim/experiment/comparison_directory.hpp"
#include "sim/experiment/comparison_progress.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/interruption.hpp"
#include "sim/experiment/validation.hpp"
#include "sim/report/html_report.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Fault;

/// A run that is to be made: its number in the expansion.
using Pending = std::vector<std::size_t>;

Pending missing_runs(const std::vector<RunPoint>& points, const ComparisonDirectory& directory) {
  Pending missing;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!directory.has(points[i])) missing.push_back(i);
  return missing;
}

/// Makes the missing runs; what went wrong is told at once, and again in the comparison.
class Batch {
 public:
  Batch(const CompareOptions& options, const std::vector<RunPoint>& points, const Pending& pending,
        ComparisonDirectory& directory)
      : options_(options),
        points_(points),
        directory_(directory),
        progress_(pending.size(), options.progress) {
    for (const std::size_t index : pending) add(index);
  }

  /// Returns false when it was interrupted.
  bool run() {
    ProcessEvents events;
    events.started = [this](std::size_t task) { progress_.started(point(task).directory); };
    events.said = [this](std::size_t task, const std::string& line) { listen(task, line); };
    events.ended = [this](std::size_t task, const ExitStatus& status) { finish(task, status); };
    events.go_on = [this] {
      progress_.refresh();
      return !InterruptionGuard::requested();
    };
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const bool whole = run_processes(tasks_, options_.jobs > 0 ? options_.jobs : cores, events);
    return whole && !InterruptionGuard::requested();
  }

  /// Why run number `index` of the expansion failed; empty where it did not.
  std::string failure(std::size_t index) const {
    const auto found = failures_.find(index);
    return found == failures_.end() ? "" : found->second;
  }

 private:
  const RunPoint& point(std::size_t task) const { return points_[indices_[task]]; }

  void add(std::size_t index) {
    const RunPoint& run = points_[index];
    try {
      directory_.prepare(run);
    } catch (const Error& error) {
      failures_[index] = error.sentence();
      progress_.ended(run.directory, "FAILED, " + std::string(error.what()));
      return;
    }
    tasks_.push_back(
        child_process(options_, run, directory_.run_path(run), directory_.log_path(run)));
    indices_.push_back(index);
  }

  void listen(std::size_t task, const std::string& line) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) return;
    const auto fraction = base::parse_double(std::string_view(line).substr(0, blank));
    const auto events = base::parse_integer(std::string_view(line).substr(blank + 1));
    if (fraction && events && *events >= 0)
      progress_.advanced(point(task).directory, *fraction, static_cast<std::uint64_t>(*events));
  }

  void finish(std::size_t task, const ExitStatus& status) {
    const RunPoint& run = point(task);
    const double seconds = progress_.seconds(run.directory);
    const bool has_log = !directory_.remove_empty_log(run);
    if (directory_.has(run)) {
      progress_.ended(run.directory, fmt::format("done in {:.1f} s", seconds));
      return;
    }
    if (InterruptionGuard::requested()) return;
    const std::vector<std::string> log =
        has_log ? directory_.log_tail(run) : std::vector<std::string>{};
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
  const std::vector<RunPoint>& points_;
  ComparisonDirectory& directory_;
  ComparisonProgress progress_;
  std::vector<ProcessTask> tasks_;
  std::vector<std::size_t> indices_;             // of each task in the expansion
  std::map<std::size_t, std::string> failures_;  // by number in the expansion
};

[[noreturn]] void leave_interrupted(const std::vector<RunPoint>& points,
                                    const ComparisonDirectory& directory) {
  const std::size_t missing = missing_runs(points, directory).size();
  throw Error({directory.path(), 0, 0, ""},
              fmt::format("interrupted with {} of {} runs finished; the same command goes on with "
                          "the rest",
                          points.size() - missing, points.size()),
              Fault::interrupted);
}

}  // namespace

ProcessTask child_process(const CompareOptions& options, const RunPoint& point,
                          const std::string& out, const std::string& log) {
  ProcessTask task;
  task.command = {options.program, "run-point",  "--out",    out,
                  "--run-id",      point.run_id, "--policy", point.policy};
  if (!options.trace) task.command.push_back("--no-trace");
  task.log_path = log;
  task.input = [&point] { return base::to_placed_text(point.document); };
  return task;
}

CompareResult run_comparison(const CompareOptions& options) {
  const InterruptionGuard guard;
  const base::OpenedFiles opened;
  const base::Node document = load_document(options.file, options.sets);
  std::vector<RunPoint> points = expand(document, options.narrowing);
  for (const RunPoint& point : points) check_run_name(point, document.where);
  check_inputs(points);
  ComparisonDirectory directory(options.out, document, {options.force, opened.paths()});

  const Pending pending = missing_runs(points, directory);
  CompareResult result;
  result.out = directory.path();
  result.resumed = points.size() - pending.size();
  if (!pending.empty()) directory.remove_summaries();
  Batch batch(options, points, pending, directory);
  if (!batch.run()) leave_interrupted(points, directory);

  std::vector<std::string> finished;
  std::vector<std::string> failed;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string& run = points[i].directory;
    if (!directory.has(points[i])) {
      failed.push_back(run + ": " + batch.failure(i));
      continue;
    }
    finished.push_back(run);
    const auto summary = report::read_run(directory.run_path(points[i]));
    if (const std::string undone = summary.left_undone(); !undone.empty())
      failed.push_back(fmt::format("{}: {}", run, undone));
  }
  result.made = finished.size() - std::min(finished.size(), result.resumed);
  result.comparison = report::compare_runs(directory.path(), finished);
  result.comparison.failed = failed;
  directory.write_summary("comparison.json", report::to_json(result.comparison));
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
