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

namespace orrery::report {

struct RunRecorder::State {
  State(const RunLabel& the_label, const RecordOptions& options,
        const platform::Inventory& inventory, const workloads::TrainingWorkload& the_workload,
        const base::ResultDirectory& directory);
  void on_event(const training::ClusterEvent& event);
  void count_origin(models::ThroughputOrigin origin);
  std::vector<std::string> notes(bool horizon_cut) const;

  RunLabel label;
  const workloads::TrainingWorkload& workload;
  std::string jobs_path;
  UsageMeter usage;
  AllocationSpans spans;
  JobRecords jobs;
  LatencyHistogram latencies;
  ThroughputOrigins origins;
  RoundRecords rounds;
  std::optional<AllocationRecords> allocations;
  std::optional<TimelineRecords> timeline;
  std::optional<DecisionRecords> decisions;
  std::optional<SharingRecords> sharing;
  std::optional<TraceExport> trace;
};

RunRecorder::State::State(const RunLabel& the_label, const RecordOptions& options,
                          const platform::Inventory& inventory,
                          const workloads::TrainingWorkload& the_workload,
                          const base::ResultDirectory& directory)
    : label(the_label),
      workload(the_workload),
      jobs_path(directory.file("jobs.csv")),
      usage(inventory, the_workload),
      spans(the_workload.jobs.size()),
      jobs(inventory, the_workload),
      rounds(directory.file("rounds.csv")) {
  spans.listen([this](const AllocationSpan& span) { jobs.on_span(span); });
  if (options.allocations) {
    allocations.emplace(directory.file("allocations.csv"), inventory, workload);
    spans.listen([this](const AllocationSpan& span) { allocations->on_span(span); });
  }
  if (options.timeline) {
    timeline.emplace(directory.file("timeline.csv"), inventory, usage.has_samples());
    usage.listen([this](double at, const UsageState& state) { timeline->on_state(at, state); });
  }
  if (options.decisions) decisions.emplace(directory.file("decisions.csv"), inventory, workload);
  if (options.sharing) sharing.emplace(directory.file("sharing.csv"), workload);
  if (options.trace) {
    trace.emplace(directory.file("trace.json"), inventory, workload, options.trace_events);
    spans.listen([this](const AllocationSpan& span) { trace->on_span(span); });
    usage.listen([this](double at, const UsageState& state) { trace->on_state(at, state); });
  }
}

void RunRecorder::State::on_event(const training::ClusterEvent& event) {
  usage.on_event(event);
  spans.on_event(event);
  jobs.on_event(event);
  rounds.on_event(event);
  if (decisions) decisions->on_event(event, usage.state());
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
  std::vector<std::string> out = workload.notes;
  if (workload.skipped_rows > 0)
    out.push_back(fmt::format("{} bad rows of the trace were skipped.", workload.skipped_rows));
  if (workload.excluded_rows > 0)
    out.push_back(fmt::format("{} rows of the trace are no GPU training jobs and were left out.",
                              workload.excluded_rows));
  if (horizon_cut)
    out.emplace_back("A horizon cut the run: unfinished jobs are counted and are in no mean.");
  return out;
}

RunRecorder::RunRecorder(const RunLabel& label, const RecordOptions& options,
                         const platform::Inventory& inventory,
                         const workloads::TrainingWorkload& workload,
                         const base::ResultDirectory& directory)
    : state_(std::make_unique<State>(label, options, inventory, workload, directory)) {}

RunRecorder::~RunRecorder() = default;

training::ClusterObserver RunRecorder::observer() {
  return [state = state_.get()](const training::ClusterEvent& event) { state->on_event(event); };
}

void RunRecorder::decision_took(double wall_seconds) {
  state_->latencies.add(wall_seconds);
}

Summary RunRecorder::finish(double end_seconds, bool horizon_cut, std::uint64_t events) {
  State& s = *state_;
  s.usage.finish(end_seconds, horizon_cut);
  s.spans.finish(end_seconds);
  s.jobs.finish(end_seconds, horizon_cut);
  s.jobs.write(s.jobs_path);
  s.rounds.close();
  if (s.allocations) s.allocations->close();
  if (s.timeline) s.timeline->close();
  if (s.decisions) s.decisions->close(end_seconds);
  if (s.sharing) s.sharing->close(end_seconds);
  if (s.trace) s.trace->close(end_seconds);

  Summary summary;
  summary.run_id = s.label.run_id;
  summary.name = s.label.name;
  summary.policy = s.label.policy;
  summary.seed = s.label.seed;
  s.jobs.summarize(summary);
  summary.gpu_utilization = s.usage.utilization();
  if (const auto mean = s.usage.mean_samples_per_second())
    summary.cluster_throughput = Throughput{*mean, s.usage.peak_samples_per_second()};
  if (s.sharing) summary.sharing = s.sharing->summary();
  summary.restart_gpu_seconds = s.usage.restart_gpu_seconds();
  summary.events = events;
  summary.simulated_seconds = end_seconds;
  summary.horizon_cut = horizon_cut;
  summary.skipped_rows = s.workload.skipped_rows;
  summary.excluded_rows = s.workload.excluded_rows;
  summary.notes = s.notes(horizon_cut);
  if (s.origins.all() > 0) summary.throughput = s.origins;
  return summary;
}

Performance RunRecorder::performance() const {
  const LatencyHistogram& latencies = state_->latencies;
  Performance p;
  p.decisions = latencies.count();
  p.decision_mean_seconds = latencies.mean_seconds();
  p.decision_p50_seconds = latencies.percentile_seconds(0.5);
  p.decision_p99_seconds = latencies.percentile_seconds(0.99);
  p.decision_max_seconds = latencies.max_seconds();
  return p;
}

std::uint64_t RunRecorder::trace_events_left_out() const {
  return state_->trace ? state_->trace->left_out() : 0;
}

}  // namespace orrery::report
