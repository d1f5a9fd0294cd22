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
  const Samples of_finished{.noun = "jobs",
                            .file = "jobs.csv",
                            .id_column = "job_id",
                            .state_column = "state",
                            .state = "finished",
                            .never_came = "not_submitted",
                            .time_column = "submit_seconds",
                            .after = "jobs.unfinished"};
  Samples jct = of_finished;
  jct.key = "jct_seconds.common";
  jct.group = "Completion time of the jobs that every run finished";
  jct.label = "JCT";
  jct.help = "Completion time of the jobs that every compared run finished.";
  jct.value_column = "finish_seconds";
  jct.from_column = "submit_seconds";
  jct.primary = true;
  jct.headlines = {"mean", "p50", "p95", "p99"};
  Samples wait = of_finished;
  wait.key = "wait_seconds.common";
  wait.group = "Wait of the jobs that every run finished";
  wait.label = "wait";
  wait.help = "All time pending of the jobs that every compared run finished.";
  wait.value_column = "wait_seconds";
  wait.headlines = {"mean", "p95"};
  wait.in_heat_maps = true;
  Samples slowdown = of_finished;
  slowdown.key = "bounded_slowdown.common";
  slowdown.group = "Slowdown of the jobs that every run finished";
  slowdown.label = "slowdown";
  slowdown.help =
      "Completion time over the time alone on what a job asks for, both of at least 10 s, of the "
      "jobs that every compared run finished.";
  slowdown.value_column = "bounded_slowdown";
  slowdown.unit = Unit::ratio;
  slowdown.headlines = {};
  return {jct, wait, slowdown};
}

world::Breakdowns declare_breakdowns() {
  return {.file = "jobs.csv",
          .columns = {{"gpu_types", "GPU type"},
                      {"virtual_cluster", "virtual cluster"},
                      {"user", "user"},
                      {"account", "account"},
                      {"model", "model"},
                      {"size_class", "GPUs asked for"},
                      {"hour_of_day", "hour of submission"}},
          .amount_column = "service_gpu_seconds",
          .amount_label = "GPU time"};
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
       "Finish minus submission. Over the finished jobs; over the jobs that every compared run "
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
          .legend = "JCT: job completion time, submission to finish; wait: all time pending.",
          .figures = bound_figures().declared(),
          .costs = bound_costs().declared(),
          .samples = declare_samples(),
          .breakdowns = declare_breakdowns(),
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
