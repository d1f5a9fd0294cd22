#include "recorded_run.hpp"

#include <filesystem>
#include <utility>

#include "sim/report/run_summary.hpp"

namespace orrery::training::testing {

using platform::NodeId;
using platform::Placement;
using workloads::JobId;
using Kind = ClusterEvent::Kind;

namespace {

JobId optional_job(int index) {
  return index < 0 ? JobId() : JobId(static_cast<std::size_t>(index));
}

}  // namespace

platform::Inventory inventory_of(const std::vector<platform::NodeGroup>& groups) {
  return platform::make_inventory(groups, {});
}

platform::NodeShare share(std::size_t node, std::int32_t gpus, std::uint64_t slots,
                          std::int32_t milli) {
  return {NodeId(node), gpus, milli, slots};
}

RecordedRun::RecordedRun(const std::string& path, platform::Inventory inventory,
                         workloads::TrainingWorkload workload, const RecordOptions& options)
    : inventory_(std::move(inventory)),
      workload_(std::move(workload)),
      directory_(
          (std::filesystem::create_directories(std::filesystem::path(path).parent_path()), path),
          {}),
      recorder_(options, inventory_, workload_, directory_.folder()),
      observer_(recorder_.observer()),
      placements_(workload_.jobs.size()) {}

void RecordedRun::emit(ClusterEvent event) {
  Placement before;
  if (event.kind == Kind::changed) before = placements_[event.job.index()];
  if (!event.placement.empty())
    placements_[event.job.index()].assign(event.placement.begin(), event.placement.end());
  event.old_placement = before;
  if (event.kind == Kind::started || event.kind == Kind::resumed || event.kind == Kind::changed)
    event.origin = origin_;
  observer_(event);
}

void RecordedRun::stop(ClusterEvent event) {
  const Placement given = std::exchange(placements_[event.job.index()], {});
  event.placement = given;
  observer_(event);
}

void RecordedRun::held_back(double at, std::size_t job, int after) {
  emit({.kind = Kind::held_back,
        .seconds = at,
        .job = JobId(job),
        .because_of = optional_job(after)});
}
void RecordedRun::submitted(double at, std::size_t job) {
  emit({.kind = Kind::submitted, .seconds = at, .job = JobId(job)});
}
void RecordedRun::dropped(double at, std::size_t job) {
  emit({.kind = Kind::dropped, .seconds = at, .job = JobId(job)});
}

void RecordedRun::rejected(double at, std::size_t job) {
  emit({.kind = Kind::rejected, .seconds = at, .job = JobId(job)});
}
void RecordedRun::started(double at, std::size_t job, Placement placement, Reason reason,
                          int because_of) {
  emit({.kind = Kind::started,
        .seconds = at,
        .job = JobId(job),
        .reason = reason,
        .because_of = optional_job(because_of),
        .placement = placement});
}
void RecordedRun::resumed(double at, std::size_t job, Placement placement, double restart_seconds) {
  emit({.kind = Kind::resumed,
        .seconds = at,
        .job = JobId(job),
        .reason = Reason::queue_order,
        .restart_seconds = restart_seconds,
        .placement = placement});
}
void RecordedRun::migrated(double at, std::size_t job, double restart_seconds) {
  emit({.kind = Kind::migrated,
        .seconds = at,
        .job = JobId(job),
        .restart_seconds = restart_seconds});
}
void RecordedRun::changed(double at, std::size_t job, Placement placement, double restart_seconds,
                          double speed) {
  emit({.kind = Kind::changed,
        .seconds = at,
        .job = JobId(job),
        .reason = Reason::upgraded,
        .restart_seconds = restart_seconds,
        .placement = placement,
        .speed = speed});
}
void RecordedRun::preempted(double at, std::size_t job, Reason reason, int because_of) {
  stop({.kind = Kind::preempted,
        .seconds = at,
        .job = JobId(job),
        .reason = reason,
        .because_of = optional_job(because_of)});
}
void RecordedRun::interrupted(double at, std::size_t job, std::size_t node, double lost) {
  stop({.kind = Kind::interrupted,
        .seconds = at,
        .job = JobId(job),
        .node = NodeId(node),
        .reason = Reason::node_failure,
        .lost_work_seconds = lost});
}
void RecordedRun::failed(double at, std::size_t job, std::size_t node, double lost) {
  stop({.kind = Kind::failed,
        .seconds = at,
        .job = JobId(job),
        .node = NodeId(node),
        .reason = Reason::node_failure,
        .lost_work_seconds = lost});
}
void RecordedRun::finished(double at, std::size_t job) {
  stop({.kind = Kind::finished, .seconds = at, .job = JobId(job)});
}
void RecordedRun::waits(double at, std::size_t job, Reason reason, int because_of, double value) {
  emit({.kind = Kind::waits,
        .seconds = at,
        .job = JobId(job),
        .reason = reason,
        .because_of = optional_job(because_of),
        .value = value});
}
void RecordedRun::node_failed(double at, std::size_t node) {
  emit({.kind = Kind::node_failed, .seconds = at, .node = NodeId(node)});
}
void RecordedRun::node_repaired(double at, std::size_t node) {
  emit({.kind = Kind::node_repaired, .seconds = at, .node = NodeId(node)});
}

RunTotals RecordedRun::finish(double end_seconds, bool horizon_cut) {
  report::RunSummary run;
  run.run_id = "id";
  run.name = "test";
  run.policy = "fifo";
  run.seed = 1;
  run.simulated_seconds = end_seconds;
  run.horizon_cut = horizon_cut;
  run.worlds.push_back(
      {"", "training-cluster", run.policy, recorder_.finish(end_seconds, horizon_cut), {}});
  for (const report::RunFile& file : report::summary_files(run))
    write_text(directory_.file(file.name), file.text);
  for (const report::RunFile& file : report::performance_files(run))
    write_text(directory_.file(file.name), file.text);
  write_text(directory_.file("experiment.yaml"),
             "name: test\nworkload: {trace: {format: csv, path: case.csv}}\n"
             "cluster: {nodes: [{count: 1, gpu: v100-32g}]}\n");
  directory_.commit();
  return recorder_.totals();
}

workloads::TrainingJob job(const std::string& id, double submit_seconds, std::int32_t gpus,
                           double samples_per_second) {
  workloads::TrainingJob out;
  out.id = id;
  out.submit_seconds = submit_seconds;
  out.duration_seconds = 100;
  out.gpus = gpus;
  if (samples_per_second > 0) {
    out.iterations = 100;
    out.batch_samples = static_cast<std::int64_t>(samples_per_second);
  }
  return out;
}

workloads::TrainingWorkload workload_of(std::vector<workloads::TrainingJob> jobs) {
  workloads::TrainingWorkload out;
  out.jobs = std::move(jobs);
  out.source = "by hand";
  return out;
}

}  // namespace orrery::training::testing
