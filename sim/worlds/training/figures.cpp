#include "sim/worlds/training/figures.hpp"

#include <optional>
#include <string>
#include <utility>

namespace orrery::training {

using world::Absent;
using world::Best;
using world::Figure;
using world::Over;
using world::Place;
using world::Unit;
using world::Zero;

namespace {

using Figures = report::BoundFigures<RunTotals>;

/// Times of the jobs that finished, and of all jobs run to the end.
void add_job_times(Figures& all, const Figure& of, Place mean, JobTimes RunTotals::*times) {
  Figure finished = of;
  finished.key += ".finished";
  finished.over_own = true;
  all.add_times(
      finished, mean, [times](const RunTotals& t) -> const auto& { return (t.*times).finished; });
  Figure whole = of;
  whole.key += ".exhaustion";
  whole.label += ", all jobs run to the end,";
  whole.help += " Of all jobs of a trace that ran to its end.";
  whole.place = Place::detail;
  whole.line.clear();
  all.add_times(
      whole,
      Place::table, [times](const RunTotals& t) -> const auto& { return (t.*times).exhaustion; });
}

void declare_left_out(Figures& all) {
  for (const workloads::LeftOutName& name : workloads::left_out_names()) {
    const std::string words(name.words);
    all.add_count(
        {.key = "excluded." + std::string(name.key),
         .group = "Jobs",
         .label = words,
         .help = "Rows of the trace left out: " + words + ".",
         .place = Place::detail,
         .zero = Zero::left_out},
        [reason = name.reason](const RunTotals& t) { return t.left_out.of(reason).rows; });
    if (!name.held_gpus) continue;
    all.add({.key = "excluded." + std::string(name.key) + "_gpu_hours",
             .group = "Jobs",
             .label = "GPU hours of " + words,
             .help = "What these rows held, as far as the trace says.",
             .unit = Unit::number,
             .over = Over::sum,
             .place = Place::detail,
             .absent = Absent::left_out},
            [reason = name.reason](const RunTotals& t) -> std::optional<double> {
              const auto& count = t.left_out.of(reason);
              if (count.rows == 0) return std::nullopt;
              return count.gpu_hours;
            });
  }
}

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
       .help = "Jobs that can never start, under `on_oversized_job: reject`: they ask for more "
               "than the cluster has, no throughput of theirs is known on it, or their policy has "
               "no shape for them.",
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
                 .help = "Well-formed rows of the trace that became no job, by whatever reason.",
                 .place = Place::detail,
                 .zero = Zero::left_out},
                [](const RunTotals& t) { return t.left_out.rows(); });
  declare_left_out(all);
}

void declare_times(Figures& all) {
  add_job_times(all,
                {.key = "jct_seconds",
                 .group = "Completion time of the finished jobs",
                 .label = "JCT",
                 .help = "Job completion time: finish minus submission.",
                 .line = "job completion time"},
                Place::table, &RunTotals::jct);
  add_job_times(all,
                {.key = "wait_seconds",
                 .group = "Wait of the finished jobs",
                 .label = "wait",
                 .help = "All time pending: before the first start, and after every preemption "
                         "and interruption.",
                 .line = "wait"},
                Place::table, &RunTotals::wait);
  add_job_times(all,
                {.key = "first_start_wait_seconds",
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
           .over_own = true,
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
          .best = Best::least,
          .place = Place::headline,
          .over_own = true},
         &SharingSummary::mean_slowdown);
  shared({.key = "sharing.worst_slowdown",
          .label = "worst slowdown",
          .help = "The largest of the slowdowns of these jobs.",
          .unit = Unit::ratio,
          .over = Over::largest,
          .best = Best::least,
          .over_own = true},
         &SharingSummary::worst_slowdown);
  shared({.key = "sharing.speed_changes",
          .label = "speed changes",
          .help = "How often the speed of a job changed with its share.",
          .over = Over::sum},
         &SharingSummary::speed_changes);
}

void declare_fairness(Figures& all) {
  const auto index = [&](Figure figure, std::optional<double> Fairness::*part) {
    figure.group = "Fairness over users (Jain's index)";
    figure.unit = Unit::number;
    figure.best = Best::most;
    figure.absent = Absent::left_out;
    figure.over_own = true;
    all.add(std::move(figure), [part](const RunTotals& t) -> std::optional<double> {
      if (!t.fairness) return std::nullopt;
      return (*t.fairness).*part;
    });
  };
  index({.key = "fairness.slowdown",
         .label = "fairness of slowdown",
         .help = "Jain's index over users of the mean bounded slowdown of their finished jobs: 1 "
                 "where all have the same."},
        &Fairness::slowdown);
  index({.key = "fairness.gpu_time",
         .label = "fairness of GPU time",
         .help = "Jain's index over users of the GPU time that their jobs held."},
        &Fairness::gpu_seconds);
}

void declare_solver(Figures& all) {
  const auto programs = [&](Figure figure, std::uint64_t RunTotals::*count) {
    figure.group = "Programs of the policy";
    figure.zero = Zero::left_out;
    figure.line = "programs";
    all.add_count(std::move(figure), [count](const RunTotals& t) { return t.*count; });
  };
  programs({.key = "programs.unproven",
            .label = "programs without proof",
            .help = "Programs of a policy for which its solver gave the best solution that it had "
                    "found by the end of its budget."},
           &RunTotals::unproven_programs);
  programs({.key = "programs.given_up",
            .label = "programs given up",
            .help = "Programs of a policy for which its solver found no solution: who ran "
                    "stayed, who waited took what was left in turn."},
           &RunTotals::given_up_programs);
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
          .help = "Starts, resumes and changes of jobs whose speed rests on a row of another "
                  "configuration and a rule of the experiment."},
         &ThroughputOrigins::derived);
  origin({.key = "throughput.estimated",
          .label = "estimated",
          .help = "Starts, resumes and changes of jobs whose speed rests on an estimate."},
         &ThroughputOrigins::estimated);
}

}  // namespace

report::BoundFigures<RunTotals> bound_figures() {
  Figures all;
  declare_jobs(all);
  declare_times(all);
  declare_cluster(all);
  declare_sharing(all);
  declare_fairness(all);
  declare_solver(all);
  declare_restarts(all);
  declare_origins(all);
  return all;
}

report::BoundFigures<RunTotals> bound_costs() {
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
        .help = "Mean wall time of a decision, exact."},
       &DecisionCosts::mean_seconds);
  took({.key = "decision_seconds.p50",
        .label = "decision p50",
        .help = "Median wall time of a decision, within 1 %: from a histogram of fixed size."},
       &DecisionCosts::p50_seconds);
  took({.key = "decision_seconds.p99",
        .label = "decision p99",
        .help = "The same at the 99th percentile."},
       &DecisionCosts::p99_seconds);
  took({.key = "decision_seconds.max",
        .label = "longest decision",
        .help = "Wall time of the longest decision, exact."},
       &DecisionCosts::max_seconds);
  return all;
}

}  // namespace orrery::training
