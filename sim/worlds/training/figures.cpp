#include "sim/worlds/training/figures.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "sim/report/distribution_figures.hpp"
#include "sim/world/result_kinds.hpp"

namespace orrery::training {

using report::Distribution;
using world::Absent;
using world::Best;
using world::Cell;
using world::Chart;
using world::Figure;
using world::Over;
using world::Place;
using world::Samples;
using world::Section;
using world::Table;
using world::Unit;
using world::Zero;

namespace {

using Value = std::function<std::optional<double>(const RunTotals&)>;
using Part = std::function<const std::optional<Distribution>&(const RunTotals&)>;

/// Figures, each with where its value comes from.
class Figures {
 public:
  void add(Figure figure, Value value) {
    figures_.push_back(std::move(figure));
    values_.push_back(std::move(value));
  }
  /// A whole number that every run has.
  void add_count(Figure figure, std::function<std::uint64_t(const RunTotals&)> count) {
    figure.over = Over::sum;
    add(std::move(figure), [count = std::move(count)](const RunTotals& t) {
      return std::optional<double>(static_cast<double>(count(t)));
    });
  }
  /// The four figures of a distribution; `mean` is where its mean stands.
  void add_times(Figure of, Place mean, const Part& part) {
    of.unit = Unit::seconds;
    of.best = Best::least;
    of.absent = Absent::null_object;
    for (const report::DistributionPart& one : report::kDistributionParts) {
      Figure figure = part_of(of, one);
      if (one.value == &Distribution::mean) figure.place = mean;
      add(std::move(figure), [part, &one](const RunTotals& t) { return value_of(part(t), one); });
    }
  }
  /// Of jobs that finished, and of all jobs run to the end.
  void add_job_times(const Figure& of, Place mean, JobTimes RunTotals::*times) {
    Figure finished = of;
    finished.key += ".finished";
    add_times(
        finished, mean, [times](const RunTotals& t) -> const auto& { return (t.*times).finished; });
    Figure all = of;
    all.key += ".exhaustion";
    all.label += ", all jobs run to the end,";
    all.help += " Of all jobs of a trace that ran to its end.";
    all.place = Place::detail;
    all.line.clear();
    add_times(
        all,
        Place::table, [times](const RunTotals& t) -> const auto& { return (t.*times).exhaustion; });
  }

  const std::vector<Figure>& declared() const { return figures_; }
  std::vector<Figure> of(const RunTotals& totals) const {
    std::vector<Figure> out = figures_;
    for (std::size_t i = 0; i < out.size(); ++i) out[i].value = values_[i](totals);
    return out;
  }

 private:
  std::vector<Figure> figures_;
  std::vector<Value> values_;
};

void declare_jobs(Figures& all) {
  const auto job = [&](Figure figure, std::uint64_t JobCounts::*count) {
    figure.group = "Jobs";
    figure.place = Place::headline;
    figure.line = "jobs";
    all.add_count(std::move(figure), [count](const RunTotals& t) { return t.jobs.*count; });
  };
  job({.key = "jobs.submitted",
       .label = "jobs",
       .help = "Jobs submitted before the end of the run, rejected ones included."},
      &JobCounts::submitted);
  job({.key = "jobs.finished",
       .label = "finished",
       .help = "Jobs that ran to their end.",
       .best = Best::most},
      &JobCounts::finished);
  job({.key = "jobs.rejected",
       .label = "rejected",
       .help = "Jobs that ask for more than the cluster can ever give, under "
               "`on_oversized_job: reject`.",
       .zero = Zero::left_out},
      &JobCounts::rejected);
  job({.key = "jobs.failed",
       .label = "failed",
       .help = "Jobs interrupted by node failures more often than `job_retries` allows.",
       .zero = Zero::left_out},
      &JobCounts::failed);
  job({.key = "jobs.unfinished",
       .label = "unfinished",
       .help = "Jobs submitted and none of these: running or pending at the end.",
       .zero = Zero::not_in_lines},
      &JobCounts::unfinished);
  all.add_count({.key = "skipped_rows",
                 .group = "Jobs",
                 .label = "bad rows skipped",
                 .help = "Bad rows of the trace left out under `on_bad_row: skip`.",
                 .place = Place::detail,
                 .zero = Zero::left_out,
                 .line = "bad rows skipped"},
                [](const RunTotals& t) { return t.skipped_rows; });
  all.add_count({.key = "excluded_rows",
                 .group = "Jobs",
                 .label = "rows left out",
                 .help = "Well-formed rows of the trace that are not GPU training jobs.",
                 .place = Place::detail,
                 .zero = Zero::left_out},
                [](const RunTotals& t) { return t.excluded_rows; });
}

void declare_times(Figures& all) {
  all.add_job_times({.key = "jct_seconds",
                     .group = "Completion time of the finished jobs",
                     .label = "JCT",
                     .help = "Job completion time: finish minus submission.",
                     .line = "job completion time"},
                    Place::table, &RunTotals::jct);
  all.add_job_times({.key = "wait_seconds",
                     .group = "Wait of the finished jobs",
                     .label = "wait",
                     .help = "All time pending: before the first start, and after every preemption "
                             "and interruption.",
                     .line = "wait"},
                    Place::headline, &RunTotals::wait);
  all.add_job_times({.key = "first_start_wait_seconds",
                     .group = "First-start wait of the finished jobs",
                     .label = "first-start wait",
                     .help = "From submission to the first start."},
                    Place::table, &RunTotals::first_start_wait);
}

void declare_cluster(Figures& all) {
  all.add({.key = "makespan_seconds",
           .group = "Cluster",
           .label = "makespan",
           .help = "Last finish minus first submission.",
           .unit = Unit::seconds,
           .best = Best::least,
           .place = Place::headline,
           .line = "makespan"},
          [](const RunTotals& t) { return t.makespan_seconds; });
  all.add({.key = "gpu_utilization",
           .group = "Cluster",
           .label = "GPU use",
           .help = "Allocated GPU-seconds over available GPU-seconds.",
           .unit = Unit::share,
           .best = Best::most,
           .place = Place::headline,
           .line = "GPU utilization"},
          [](const RunTotals& t) { return t.gpu_utilization; });
  const auto rate = [&](Figure figure, double SampleRate::*part) {
    figure.group = "Cluster";
    figure.unit = Unit::per_second;
    figure.best = Best::most;
    all.add(std::move(figure), [part](const RunTotals& t) -> std::optional<double> {
      if (!t.cluster_throughput) return std::nullopt;
      return (*t.cluster_throughput).*part;
    });
  };
  rate({.key = "cluster_throughput.mean",
        .label = "samples/s",
        .help = "Samples per second of the jobs whose work advances, mean over the run."},
       &SampleRate::mean);
  rate({.key = "cluster_throughput.peak",
        .label = "peak samples/s",
        .help = "The largest sum of samples per second at any instant."},
       &SampleRate::peak);
}

void declare_sharing(Figures& all) {
  const auto shared = [&](Figure figure, auto SharingSummary::*part) {
    figure.group = "Sharing of the fabric";
    figure.absent = Absent::left_out;
    all.add(std::move(figure), [part](const RunTotals& t) -> std::optional<double> {
      if (!t.sharing) return std::nullopt;
      return static_cast<double>((*t.sharing).*part);
    });
  };
  shared({.key = "sharing.jobs",
          .label = "jobs on several nodes",
          .help = "Jobs that worked on several nodes, under `network: shared`.",
          .over = Over::sum},
         &SharingSummary::jobs);
  shared({.key = "sharing.mean_slowdown",
          .label = "slowdown by sharing",
          .help = "Mean over these jobs of the time of their work over what it takes with the "
                  "fabric to itself.",
          .unit = Unit::ratio,
          .best = Best::least},
         &SharingSummary::mean_slowdown);
  shared({.key = "sharing.worst_slowdown",
          .label = "worst slowdown",
          .help = "The largest of these slowdowns.",
          .unit = Unit::ratio,
          .over = Over::largest,
          .best = Best::least},
         &SharingSummary::worst_slowdown);
  shared({.key = "sharing.speed_changes",
          .label = "speed changes",
          .help = "How often the speed of a job changed with its share.",
          .over = Over::sum},
         &SharingSummary::speed_changes);
}

void declare_restarts(Figures& all) {
  all.add_count({.key = "restarts",
                 .group = "Cluster",
                 .label = "restarts",
                 .help = "Starts after a preemption or an interruption, and changes of a running "
                         "job's GPUs.",
                 .place = Place::headline,
                 .zero = Zero::not_in_lines,
                 .line = "restarts"},
                [](const RunTotals& t) { return t.restarts; });
  all.add({.key = "restart_gpu_seconds",
           .group = "Cluster",
           .label = "GPU time restarting",
           .help = "GPU time held while jobs restart; a part of the GPU time allocated.",
           .unit = Unit::seconds,
           .zero = Zero::left_out},
          [](const RunTotals& t) { return t.restart_gpu_seconds; });
  all.add({.key = "lost_work_gpu_seconds",
           .group = "Cluster",
           .label = "GPU time lost to failures",
           .help = "Work computed after the last checkpoint and lost to failures, times the GPUs "
                   "that the job asks for.",
           .unit = Unit::seconds,
           .zero = Zero::left_out},
          [](const RunTotals& t) { return t.lost_work_gpu_seconds; });
}

void declare_origins(Figures& all) {
  const auto origin = [&](Figure figure, std::uint64_t ThroughputOrigins::*part) {
    figure.group = "Starts, resumes and changes of jobs, by what their speed rested on";
    figure.over = Over::sum;
    figure.absent = Absent::left_out;
    figure.line = "starts at a speed";
    all.add(std::move(figure), [part](const RunTotals& t) -> std::optional<double> {
      if (!t.throughput) return std::nullopt;
      return static_cast<double>((*t.throughput).*part);
    });
  };
  origin({.key = "throughput.measured",
          .label = "measured",
          .help = "Starts, resumes and changes of jobs whose speed rests on a measured row of just "
                  "that model, batch, GPU type and locality."},
         &ThroughputOrigins::measured);
  origin({.key = "throughput.derived",
          .label = "derived",
          .help = "The same by a row of another configuration and a rule of the experiment."},
         &ThroughputOrigins::derived);
  origin(
      {.key = "throughput.estimated", .label = "estimated", .help = "The same by the estimator."},
      &ThroughputOrigins::estimated);
}

Figures declare_figures() {
  Figures all;
  declare_jobs(all);
  declare_times(all);
  declare_cluster(all);
  declare_sharing(all);
  declare_restarts(all);
  declare_origins(all);
  return all;
}

Figures declare_costs() {
  Figures all;
  all.add_count({.key = "decision_seconds.count",
                 .group = "Decisions of the policy",
                 .label = "decisions",
                 .help = "Calls of the policy."},
                [](const RunTotals& t) { return t.decisions.count; });
  const auto took = [&](Figure figure, double DecisionCosts::*part) {
    figure.group = "Decisions of the policy";
    figure.unit = Unit::seconds;
    all.add(std::move(figure), [part](const RunTotals& t) { return t.decisions.*part; });
  };
  took({.key = "decision_seconds.mean",
        .label = "decision mean",
        .help = "Wall time of a decision, exact."},
       &DecisionCosts::mean_seconds);
  took({.key = "decision_seconds.p50",
        .label = "decision p50",
        .help = "Its median, within 1 %: from a histogram of fixed size."},
       &DecisionCosts::p50_seconds);
  took({.key = "decision_seconds.p99", .label = "decision p99", .help = "Likewise."},
       &DecisionCosts::p99_seconds);
  took({.key = "decision_seconds.max", .label = "longest decision", .help = "Exact."},
       &DecisionCosts::max_seconds);
  return all;
}

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

std::vector<Table> declare_tables() {
  return {
      {.key = "devices",
       .title = "GPU types of our estimates. The error is that of matrix products held out of the "
                "fit.",
       .columns =
           {{.key = "type", .label = "GPU type"},
            {.key = "calibrated",
             .label = "calibrated",
             .help = "By a profile or a file of fitted costs; else by data sheets."},
            {.key = "rests_on", .label = "rests on", .help = "What its costs rest on."},
            {.key = "profile", .help = "File of the measured profile."},
            {.key = "profile_sha256", .label = "profile sha256"},
            {.key = "from_profile", .label = "measured", .help = "What the profile supplies."},
            {.key = "from_data_sheets", .label = "by data sheets", .help = "What it does not."},
            {.key = "held_out_error.median",
             .label = "held-out error, median",
             .unit = Unit::share,
             .help = "Error of matrix products held out of the fit."},
            {.key = "held_out_error.p90", .label = "held-out error, p90", .unit = Unit::share}}},
      {.key = "pruned",
       .title =
           "Iteration times of pruned models, each with its best plan, and of the dense model. "
           "What pruning changes of a training step is ours, not the papers'. Where no time "
           "stands, the model cannot run.",
       .columns = {
           {.key = "model", .label = "model"},
           {.key = "pruning", .label = "pruning"},
           {.key = "batch_samples", .label = "batch", .unit = Unit::count},
           {.key = "type", .label = "GPU type"},
           {.key = "gpus", .label = "GPUs", .unit = Unit::count},
           {.key = "dense_iteration_seconds", .label = "dense", .unit = Unit::seconds},
           {.key = "pruned_iteration_seconds", .label = "pruned", .unit = Unit::seconds},
           {.key = "rests_on", .label = "rests on", .help = "What that change rests on."}}}};
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

Cell number_or_none(const std::optional<double>& value) {
  Cell cell;
  if (value) cell = *value;
  return cell;
}

Table& table_of(Section& section, const std::string& key) {
  return *std::ranges::find(section.tables, key, &Table::key);
}

const auto* const registered = world::result_kinds().add({"training-cluster", declared_results});

}  // namespace

Section declared_results() {
  return {.title = "Training jobs",
          .legend =
              "JCT: job completion time of the jobs that every policy finished; wait: all time "
              "pending, of the finished jobs.",
          .figures = declare_figures().declared(),
          .costs = declare_costs().declared(),
          .samples = declare_samples(),
          .tables = declare_tables(),
          .charts = declare_charts(),
          .definitions = declare_definitions()};
}

Section results_of(const RunTotals& totals) {
  Section section = declared_results();
  section.figures = declare_figures().of(totals);
  section.costs = declare_costs().of(totals);
  return section;
}

void put_basis(Section& section, const std::vector<DeviceBasis>& devices,
               const std::vector<PrunedBasis>& pruned) {
  for (const DeviceBasis& d : devices) {
    std::optional<double> median;
    std::optional<double> p90;
    if (const auto& error = d.held_out_error) {
      median = error->median;
      p90 = error->p90;
    }
    table_of(section, "devices")
        .rows.push_back({d.type, d.calibrated, d.rests_on, d.profile, d.profile_sha256,
                         d.from_profile, d.from_data_sheets, number_or_none(median),
                         number_or_none(p90)});
  }
  for (const PrunedBasis& p : pruned)
    table_of(section, "pruned")
        .rows.push_back({p.model, p.pruning, static_cast<double>(p.batch_samples), p.type,
                         static_cast<double>(p.gpus), number_or_none(p.dense_iteration_seconds),
                         number_or_none(p.pruned_iteration_seconds), p.rests_on});
}

}  // namespace orrery::training
