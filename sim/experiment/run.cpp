#include "sim/experiment/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <optional>

#include "models/base/files.hpp"
#include "models/base/numbers.hpp"
#include "sim/engine/progress.hpp"
#include "sim/experiment/interruption.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/report/html_report.hpp"
#include "sim/worlds/training/figures.hpp"
#include "sim/worlds/training/records/run_recorder.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Fault;

constexpr std::uint64_t kProgressEvents = 2048;

void write(const base::ResultDirectory& directory, const char* name, const std::string& text) {
  base::FileWriter file(directory.file(name));
  file.write(text);
  file.close();
}

std::uint64_t peak_memory_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

training::RecordOptions record_options(const Experiment& experiment, const RunOptions& options) {
  const RecordsConfig& records = experiment.records;
  training::RecordOptions out;
  out.allocations = records.allocations;
  out.timeline = records.timeline;
  out.decisions = records.decisions;
  out.sharing = experiment.cluster.network == training::Network::shared;
  out.trace = records.trace && options.trace;
  return out;
}

[[noreturn]] void leave_interrupted(const base::ResultDirectory& directory, double now_seconds) {
  const std::string sentence =
      fmt::format("interrupted at simulated second {}; the unfinished files stay in {}",
                  base::format_shortest(now_seconds), directory.partial_path());
  write(directory, "INTERRUPTED",
        "This run was interrupted: the files beside this one are unfinished and are no results.\n");
  throw Error({}, sentence, Fault::interrupted);
}

double fraction_done(const training::World& cluster, std::size_t jobs) {
  const training::ClusterCounts& counts = cluster.counts();
  const auto done = counts.finished + counts.rejected + counts.failed;
  return static_cast<double>(done) / static_cast<double>(jobs);
}

/// Runs the engine to its end or horizon; true when the horizon cut it. Jobs that could never run
/// stand for ever, and a horizon cuts that, too.
bool simulate(PreparedRun& run, const RunPoint& point, const RunOptions& options,
              const base::ResultDirectory& directory) {
  const auto fraction = [&] { return fraction_done(*run.cluster, run.workload.jobs.size()); };
  std::optional<engine::ProgressLine> line;
  if (options.progress)
    line.emplace(point.policy, [&](const engine::Progress&) { return fraction(); });
  run.engine.observe_progress(kProgressEvents, [&](const engine::Progress& progress) {
    if (InterruptionGuard::requested()) run.engine.stop();
    if (line) line->update(progress);
    if (options.on_progress) options.on_progress(fraction(), progress.events);
  });
  run.cluster->start();
  const auto reason = run.engine.run(run.experiment.horizon_seconds());
  line.reset();
  if (InterruptionGuard::requested()) leave_interrupted(directory, run.engine.now_seconds());
  const bool bounded =
      reason == engine::StopReason::horizon || run.experiment.horizon_seconds().has_value();
  return bounded && !run.cluster->all_done();
}

}  // namespace

RunResult run_point(const RunPoint& point, const RunOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const InterruptionGuard guard;
  PreparedRun run(point.document);
  base::ResultDirectory directory(options.out, options.force);
  write(directory, "experiment.yaml", base::to_yaml(point.document));

  RunResult result;
  {
    training::RunRecorder recorder(record_options(run.experiment, options), run.inventory,
                                   run.workload, directory.partial_path());
    run.cluster->observe(recorder.observer());
    run.cluster->observe_decisions([&](double seconds) { recorder.decision_took(seconds); });
    const bool cut = simulate(run, point, options, directory);
    const double end = cut ? *run.experiment.horizon_seconds() : run.engine.now_seconds();
    report::RunSummary& summary = result.summary;
    summary.run_id = point.run_id;
    summary.name = run.experiment.name;
    summary.policy = point.policy;
    summary.seed = point.seed;
    summary.events = run.engine.events_run();
    summary.simulated_seconds = end;
    summary.horizon_cut = cut;
    summary.worlds.push_back({"", "training-cluster", point.policy, recorder.finish(end, cut), {}});
    report::WorldResult& world = summary.worlds.back();
    training::put_basis(world.section, run.basis.devices, run.basis.pruned);
    const training::JobCounts& jobs = recorder.totals().jobs;
    if (!cut && jobs.unfinished > 0)
      world.left_undone = fmt::format(
          "{} of {} jobs could never run to their end (jobs.csv shows which)", jobs.unfinished,
          jobs.submitted);
  }
  result.summary.peak_rss_bytes = peak_memory_bytes();
  for (const report::RunFile& file : report::summary_files(result.summary))
    write(directory, file.name.c_str(), file.text);
  result.summary.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const report::RunFile& file : report::performance_files(result.summary))
    write(directory, file.name.c_str(), file.text);
  if (options.report)
    write(directory, "report.html", report::html_report(directory.partial_path()));
  if (InterruptionGuard::requested()) leave_interrupted(directory, run.engine.now_seconds());
  directory.commit();
  result.out = options.out;
  return result;
}

void require_complete(const RunResult& result) {
  const std::string missing = result.summary.left_undone();
  if (missing.empty()) return;
  throw Error({result.out, 0, 0, ""},
              fmt::format("nothing was left to happen, but {}; the results are written", missing),
              Fault::run_failed);
}

std::string to_text(const RunResult& result) {
  return report::to_text(result.summary, result.out);
}

}  // namespace orrery::experiment
