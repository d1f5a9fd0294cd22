#include "sim/experiment/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <optional>

#include "models/base/files.hpp"
#include "models/base/numbers.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/result_directory.hpp"
#include "models/base/write_limit.hpp"
#include "sim/engine/progress.hpp"
#include "sim/experiment/interruption.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/report/html_report.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Fault;

constexpr std::uint64_t kProgressEvents = 2048;

void write(base::ResultDirectory& directory, const char* name, const std::string& text) {
  base::FileWriter file(directory.file(name));
  file.write(text);
  file.close();
}

std::uint64_t peak_memory_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

[[noreturn]] void leave_run_interrupted(base::ResultDirectory& directory, double now_seconds) {
  const std::string sentence =
      fmt::format("interrupted at simulated second {}; the unfinished files stay in {}",
                  base::format_shortest(now_seconds), directory.partial_path());
  write(
      directory, "INTERRUPTED",
      "This run was interrupted: the files beside this one are unfinished and are not results.\n");
  throw Error({}, sentence, Fault::interrupted);
}

/// A run that could not go on leaves what it has, and says so.
[[noreturn]] void leave_run_failed(base::ResultDirectory& directory, const Error& error) {
  try {
    // Not one of the files that have a bound: that it was met is what may stand here.
    base::write_file_atomically(
        directory.file("FAILED"),
        std::string("This run failed: ") + error.what() +
            "\nThe files beside this one are unfinished and are not results.\n");
  } catch (const Error&) {
    // Where nothing more can be written the sentence on the terminal has to do.
  }
  throw Error(error.where(),
              error.sentence() + "; the unfinished files stay in " + directory.partial_path(),
              error.fault());
}

/// Runs the engine to its end or horizon; true when the horizon cut it. What could never be done
/// stands open for ever, and a horizon cuts that, too.
bool simulate(PreparedRun& run, const RunPoint& point, const RunOptions& options,
              base::ResultDirectory& directory) {
  engine::Engine& engine = run.platform.engine;
  std::optional<engine::ProgressLine> line;
  if (options.progress)
    line.emplace(point.policy, [&](const engine::Progress&) { return run.fraction_done(); });
  engine.observe_progress(kProgressEvents, [&](const engine::Progress& progress) {
    if (InterruptionGuard::requested()) engine.stop();
    if (line) line->update(progress);
    if (options.on_progress) options.on_progress(run.fraction_done(), progress.events);
  });
  run.start();
  const auto horizon = run.experiment.horizon_seconds();
  const auto reason = engine.run(horizon);
  line.reset();
  if (InterruptionGuard::requested()) leave_run_interrupted(directory, engine.now_seconds());
  const bool bounded = reason == engine::StopReason::horizon || horizon.has_value();
  return bounded && run.any_open();
}

/// What the platform measured of each world.
std::vector<world::Figure> shared_figures(const PreparedRun& run) {
  std::vector<std::string> names;
  for (const ExperimentWorld& world : run.experiment.worlds) names.push_back(world.name);
  std::vector<world::Figure> figures = report::shared_figures(names);
  const platform::Ledger& ledger = run.platform.ledger;
  const double available = ledger.available_gpu_seconds();
  for (const std::string& name : names) {
    double held = 0;
    for (std::size_t h = 0; h < ledger.holders(); ++h)
      if (ledger.name_of(platform::HolderId(h)) == name)
        held = ledger.held_gpu_seconds(platform::HolderId(h));
    if (available > 0) world::set(figures, "gpus_held." + name, held / available);
  }
  return figures;
}

report::RunSummary summary_of(PreparedRun& run, const RunPoint& point, const std::string& run_id,
                              bool cut) {
  report::RunSummary summary;
  summary.run_id = run_id;
  summary.name = run.experiment.name;
  summary.policy = point.policy;
  summary.seed = point.seed;
  summary.point = point.point;
  summary.events = run.platform.engine.events_run();
  summary.simulated_seconds =
      cut ? *run.experiment.horizon_seconds() : run.platform.engine.now_seconds();
  summary.horizon_cut = cut;
  for (std::size_t w = 0; w < run.worlds.size(); ++w) {
    const ExperimentWorld& world = run.experiment.worlds[w];
    report::WorldResult& result = summary.worlds.emplace_back();
    result.name = run.folder_of(w);
    result.kind = world.kind->name;
    result.policy = world.setup->label();
    result.section = run.worlds[w]->finish({summary.simulated_seconds, cut});
    if (!cut) result.left_undone = run.worlds[w]->left_undone();
  }
  if (summary.several()) summary.shared = shared_figures(run);
  return summary;
}

void write_all(base::ResultDirectory& directory, const std::vector<report::RunFile>& files) {
  for (const report::RunFile& file : files) write(directory, file.name.c_str(), file.text);
}

/// The id of the run, by all that it opened.
std::string id_of(const RunPoint& point, const Experiment& experiment,
                  const std::vector<std::string>& opened, const std::string& expected) {
  FileHashes hashes;
  std::string id = with_opened(RunIds(point.document, experiment, hashes).of(experiment.seed),
                               unnamed_files(experiment, opened, hashes));
  if (!expected.empty() && id != expected)
    throw Error({},
                "a file that this run reads is not what it was when the comparison began; the "
                "same command makes it anew",
                Fault::run_failed);
  return id;
}

std::vector<std::string> together(std::vector<std::string> one,
                                  const std::vector<std::string>& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

/// Simulates and writes all files.
RunResult make_result(PreparedRun& run, const RunPoint& point, const RunOptions& options,
                      const std::string& run_id, base::ResultDirectory& directory,
                      std::chrono::steady_clock::time_point begin) {
  const bool cut = simulate(run, point, options, directory);
  RunResult result{summary_of(run, point, run_id, cut), options.out};
  write_all(directory, report::summary_files(result.summary));
  result.summary.peak_rss_bytes = peak_memory_bytes();
  result.summary.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_all(directory, report::performance_files(result.summary));
  if (options.report)
    write(directory, "report.html", report::html_report(directory.partial_path()));
  if (InterruptionGuard::requested())
    leave_run_interrupted(directory, run.platform.engine.now_seconds());
  return result;
}

}  // namespace

RunResult run_point(const RunPoint& point, const RunOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const InterruptionGuard guard;
  const base::OpenedFiles opened;
  PreparedRun run(point.document);
  const std::string run_id = id_of(point, run.experiment, opened.paths(), options.expected_run_id);
  base::ResultDirectory directory(options.out,
                                  {options.force, together(options.inputs, opened.paths())});
  const base::WriteLimit limit(run.experiment.largest_output_bytes,
                               "leave records out ('records: {decisions: false}'), end the run "
                               "earlier ('stop: {seconds: N}') or raise 'largest_output'");
  write(directory, "experiment.yaml", base::to_yaml(point.document));
  world::Records records;
  records.run_id = run_id;
  records.experiment = run.experiment.name;
  records.seed = point.seed;
  records.trace = options.trace;
  run.record(records, directory.folder());

  std::optional<RunResult> result;
  try {
    result = make_result(run, point, options, run_id, directory, begin);
  } catch (const Error& error) {
    if (error.fault() != Fault::run_failed) throw;
    leave_run_failed(directory, error);
  }
  directory.commit();
  return *result;
}

void require_complete(const RunResult& result) {
  const std::string undone = result.summary.left_undone();
  if (undone.empty()) return;
  throw Error({result.out, 0, 0, ""},
              "nothing was left to happen, but " + undone + "; the results are written",
              Fault::run_failed);
}

}  // namespace orrery::experiment
