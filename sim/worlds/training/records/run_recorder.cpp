#include "sim/worlds/training/records/run_recorder.hpp"

#include <fmt/format.h>

#include <optional>

#include "sim/report/latency_histogram.hpp"
#include "sim/worlds/training/records/allocation_records.hpp"
#include "sim/worlds/training/records/allocation_spans.hpp"
#include "sim/worlds/training/records/decision_records.hpp"
#include "sim/worlds/training/records/job_records.hpp"
#include "sim/worlds/training/records/round_records.hpp"
#include "sim/worlds/training/records/sharing_records.hpp"
#include "sim/worlds/training/records/timeline_records.hpp"
#include "sim/worlds/training/records/trace_export.hpp"
#include "sim/worlds/training/records/usage_meter.hpp"
#include "sim/worlds/training/results.hpp"

namespace orrery::training {

struct RunRecorder::State {
  State(const RecordOptions& options, const platform::Inventory& inventory,
        const workloads::TrainingWorkload& the_workload, const base::ResultFolder& folder,
        Pools pools);
  void on_event(const ClusterEvent& event);
  void count_origin(models::ThroughputOrigin origin);
  void close(double end_seconds, bool horizon_cut);
  void count_totals();
  std::vector<std::string> notes(bool horizon_cut) const;

  const workloads::TrainingWorkload& workload;
  std::string jobs_path;
  UsageMeter usage;
  AllocationSpans spans;
  JobRecords jobs;
  report::LatencyHistogram latencies;
  ThroughputOrigins origins;
  RoundRecords rounds;
  std::optional<AllocationRecords> allocations;
  std::optional<TimelineRecords> timeline;
  std::optional<DecisionRecords> decisions;
  std::optional<SharingRecords> sharing;
  std::optional<TraceExport> trace;
  RunTotals totals;
};

RunRecorder::State::State(const RecordOptions& options, const platform::Inventory& inventory,
                          const workloads::TrainingWorkload& the_workload,
                          const base::ResultFolder& folder, Pools pools)
    : workload(the_workload),
      jobs_path(folder.file("jobs.csv")),
      usage(inventory, the_workload),
      spans(the_workload.jobs.size()),
      jobs(inventory, the_workload),
      rounds(folder.file("rounds.csv")) {
  spans.listen([this](const AllocationSpan& span) { jobs.on_span(span); });
  if (options.allocations) {
    allocations.emplace(folder.file("allocations.csv"), inventory, workload);
    spans.listen([this](const AllocationSpan& span) { allocations->on_span(span); });
  }
  if (options.timeline) {
    timeline.emplace(folder.file("timeline.csv"), inventory, usage.has_samples());
    usage.listen([this](double at, const UsageState& state) { timeline->on_state(at, state); });
  }
  if (options.decisions)
    decisions.emplace(folder.file("decisions.csv"), inventory, workload, std::move(pools));
  if (options.sharing) sharing.emplace(folder.file("sharing.csv"), workload);
  if (options.trace) {
    trace.emplace(folder.file("trace.json"), inventory, workload, options.trace_events);
    spans.listen([this](const AllocationSpan& span) { trace->on_span(span); });
    usage.listen([this](double at, const UsageState& state) { trace->on_state(at, state); });
  }
}

void RunRecorder::State::on_event(const ClusterEvent& event) {
  usage.on_event(event);
  spans.on_event(event);
  jobs.on_event(event);
  rounds.on_event(event);
  if (decisions) decisions->on_event(event);
  if (sharing) sharing->on_event(event);
  if (trace) trace->on_event(event);
  count_origin(event.origin);
}

void RunRecorder::State::count_origin(models::ThroughputOrigin origin) {
  origins.measured += origin == models::ThroughputOrigin::measured ? 1 : 0;
  origins.derived += origin == models::ThroughputOrigin::derived ? 1 : 0;
  origins.estimated += origin == models::ThroughputOrigin::estimated ? 1 : 0;
}

std::vector<std::string> RunRecorder::State::notes(bool horizon_cut) const {
  std::vector<std::string> out;
  out.emplace_back(origins.all() > 0
                       ? "How fast a job runs on a GPU type follows the throughputs that the "
                         "experiment names; jobs given as plain durations run as long everywhere."
                       : "Run times are those of the workload: no cost model was fitted to a "
                         "device, so every GPU type here is uncalibrated and tells pools of GPUs "
                         "apart, not speeds.");
  out.insert(out.end(), workload.notes.begin(), workload.notes.end());
  if (workload.skipped_rows > 0)
    out.push_back(fmt::format("{} bad rows of the trace were skipped.", workload.skipped_rows));
  if (workload.left_out.rows() > 0)
    out.push_back(fmt::format(
        "{} rows of the trace became no job of this run; 'excluded' counts them by the reason.",
        workload.left_out.rows()));
  if (horizon_cut)
    out.emplace_back("A horizon cut the run: unfinished jobs are counted and are in no mean.");
  return out;
}

RunRecorder::RunRecorder(const RecordOptions& options, const platform::Inventory& inventory,
                         const workloads::TrainingWorkload& workload,
                         const base::ResultFolder& folder, Pools pools)
    : state_(std::make_unique<State>(options, inventory, workload, folder, std::move(pools))) {}

RunRecorder::~RunRecorder() = default;

ClusterObserver RunRecorder::observer() {
  return [state = state_.get()](const ClusterEvent& event) { state->on_event(event); };
}

void RunRecorder::decision_took(double wall_seconds) {
  state_->latencies.add(wall_seconds);
}

void RunRecorder::State::close(double end_seconds, bool horizon_cut) {
  usage.finish(end_seconds, horizon_cut);
  spans.finish(end_seconds);
  jobs.finish(end_seconds, horizon_cut);
  jobs.write(jobs_path);
  rounds.close();
  if (allocations) allocations->close();
  if (timeline) timeline->close();
  if (decisions) decisions->close(end_seconds);
  if (sharing) sharing->close(end_seconds);
  if (trace) trace->close(end_seconds);
}

void RunRecorder::State::count_totals() {
  jobs.summarize(totals);
  totals.gpu_utilization = usage.utilization();
  if (const auto mean = usage.mean_samples_per_second())
    totals.cluster_throughput = SampleRate{*mean, usage.peak_samples_per_second()};
  if (sharing) totals.sharing = sharing->summary();
  totals.restart_gpu_seconds = usage.restart_gpu_seconds();
  totals.skipped_rows = workload.skipped_rows;
  totals.left_out = workload.left_out;
  if (origins.all() > 0) totals.throughput = origins;
  totals.decisions = {latencies.count(), latencies.mean_seconds(),
                      latencies.percentile_seconds(0.5), latencies.percentile_seconds(0.99),
                      latencies.max_seconds()};
}

world::Section RunRecorder::finish(double end_seconds, bool horizon_cut,
                                   const ClusterCounts& counts) {
  state_->close(end_seconds, horizon_cut);
  state_->count_totals();
  state_->totals.unproven_programs = counts.unproven_programs;
  state_->totals.given_up_programs = counts.given_up_programs;
  world::Section section = results_of(state_->totals);
  section.notes = state_->notes(horizon_cut);
  return section;
}

const RunTotals& RunRecorder::totals() const {
  return state_->totals;
}

std::uint64_t RunRecorder::trace_events_left_out() const {
  return state_->trace ? state_->trace->left_out() : 0;
}

}  // namespace orrery::training
