#include "sim/worlds/training/results.hpp"

#include "sim/world/result_kinds.hpp"
#include "sim/worlds/training/figures.hpp"
#include "sim/worlds/training/records/basis_tables.hpp"

namespace orrery::training {

using world::Chart;
using world::Samples;
using world::Section;
using world::Unit;

namespace {

std::vector<Samples> declare_samples() {
  return {{.key = "jct_seconds.common",
           .group = "Completion time of the jobs that every compared policy finished",
           .label = "JCT",
           .help = "Completion time of the jobs that every compared policy finished, among the "
                   "runs of one seed and one point of a sweep.",
           .file = "jobs.csv",
           .id_column = "job_id",
           .value_column = "finish_seconds",
           .from_column = "submit_seconds",
           .state_column = "state",
           .state = "finished",
           .primary = true,
           .after = "jobs.unfinished"}};
}

std::vector<Chart> declare_charts() {
  using Kind = Chart::Kind;
  return {{.kind = Kind::distribution,
           .key = "jct",
           .title = "Share of jobs completed within a time",
           .file = "jobs.csv",
           .columns = {"finish_seconds", "submit_seconds"},
           .state_column = "state",
           .state = "finished",
           .of = "jobs.submitted",
           .x_name = "completion time"},
          {.kind = Kind::distribution,
           .key = "wait",
           .title = "Share of jobs that waited at most a time",
           .help = "All time pending, of the finished jobs.",
           .file = "jobs.csv",
           .columns = {"wait_seconds"},
           .state_column = "state",
           .state = "finished",
           .of = "jobs.submitted",
           .x_name = "wait"},
          {.kind = Kind::steps,
           .key = "queue",
           .title = "Jobs waiting",
           .file = "timeline.csv",
           .columns = {"time_seconds", "pending_jobs"},
           .y_unit = Unit::count,
           .largest = true,
           .y_name = "jobs waiting"},
          {.kind = Kind::steps,
           .key = "gpus",
           .title = "GPUs in use by type",
           .file = "timeline.csv",
           .columns = {"time_seconds", "used_*"},
           .y_unit = Unit::number,
           .compared = false,
           .limits = {"available_*"},
           .stacked = true,
           .y_name = "GPUs",
           .limit_name = "available"},
          {.kind = Kind::steps,
           .key = "throughput",
           .title = "Throughput in samples per second",
           .file = "timeline.csv",
           .columns = {"time_seconds", "samples_per_second"},
           .y_unit = Unit::per_second,
           .compared = false,
           .y_name = "samples per second"},
          {.kind = Kind::lanes,
           .key = "gantt",
           .title = "Who ran where",
           .help = "A row is a GPU, a bar a job.",
           .file = "allocations.csv",
           .columns = {"node", "start_seconds", "end_seconds", "job_id", "slots", "gpu_type"},
           .y_unit = Unit::count,
           .compared = false,
           .lane_name = "node",
           .row_name = "GPU",
           .item_name = "job"}};
}

std::vector<world::Definition> declare_definitions() {
  return {
      {"Job completion time (JCT)",
       "Finish minus submission. Over the finished jobs; over the jobs that every compared policy "
       "finished; and over all jobs of a trace that ran to its end (absent where a horizon cut the "
       "run or a job could never run to its end). Unfinished jobs are counted, never padded."},
      {"Wait",
       "All time a job was pending, also after a preemption or a failure; first-start wait: until "
       "its first start."},
      {"Makespan", "Last finish minus first submission."},
      {"GPU utilization",
       "Allocated over available GPU time from the first submission to the last finish or the "
       "horizon. GPUs of failed nodes are not available; restarting counts as allocated."},
      {"Throughput",
       "Samples per second of the jobs whose work advances; absent for jobs given as plain "
       "durations."}};
}

const auto* const registered_results =
    world::result_kinds().add({"training-cluster", declared_results});

}  // namespace

Section declared_results() {
  return {.title = "Training jobs",
          .legend =
              "JCT: job completion time of the jobs that every policy finished; wait: all time "
              "pending, of the finished jobs.",
          .figures = bound_figures().declared(),
          .costs = bound_costs().declared(),
          .samples = declare_samples(),
          .tables = declared_basis(),
          .charts = declare_charts(),
          .definitions = declare_definitions()};
}

Section results_of(const RunTotals& totals) {
  Section section = declared_results();
  section.figures = bound_figures().of(totals);
  section.costs = bound_costs().of(totals);
  return section;
}

}  // namespace orrery::training
