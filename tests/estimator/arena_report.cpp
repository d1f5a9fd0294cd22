// The estimator against the iteration times of the Crius artifact: best plan of ours against the
// best plan that a full Alpa search found.
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>

#include "models/base/files.hpp"
#include "models/base/hash.hpp"
#include "models/throughput/throughput_table.hpp"
#include "models/training/coefficients.hpp"
#include "models/training/device_costs_file.hpp"
#include "models/training/stage_partition.hpp"
#include "models/zoo/zoo.hpp"
#include "tests/estimator/figures.hpp"
#include "tests/estimator/reports.hpp"
#include "traces/collective_measurements.hpp"
#include "traces/plan_measurements.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::estimator_report {

namespace {

using models::CalibrationPoint;
using models::DeviceCosts;

struct Arena {
  std::vector<DeviceCosts> priors;
  std::vector<models::Coefficient> coefficients;
  std::vector<CalibrationPoint> points;
  std::vector<std::string> keys;   // of the points: model and batch
  std::vector<std::string> files;  // of the points
  // Rows that ran or did not, and those that our memory model takes for the other.
  int ran = 0, failed = 0, ran_without_fitting = 0, fitting_but_failed = 0;
};

void add_table(Arena& arena, const std::string& folder, const std::string& file,
               const models::CollectiveTables& links) {
  const models::ThroughputTable table =
      traces::find_throughput_format("arena")->read(folder + file, {});
  for (const models::MeasuredIteration& row : table.measurements()) {
    const models::ModelDescription* model = models::find_model(row.task.model);
    std::size_t device = 0;
    while (device < arena.priors.size() && arena.priors[device].gpu_type != row.gpu_type) ++device;
    if (device == arena.priors.size()) {
      arena.priors.push_back(models::calibration_prior(*models::find_gpu(row.gpu_type)));
      // The InfiniBand runs where there are any: the default ones of the A40 went over slow TCP.
      for (const char* fabric : {"ib", "default"}) {
        const auto* measured = links.find(row.gpu_type, fabric);
        if (measured == nullptr) continue;
        models::take_links(arena.priors.back(), *measured);
        break;
      }
    }
    const double batch = static_cast<double>(row.task.batch_samples);
    const models::EstimatorOptions options = models::usual_options(*model);
    const bool fits =
        models::estimate(*model, batch, arena.priors[device], row.locality, options).feasible();
    const bool ran = std::isfinite(row.iteration_seconds);
    ++(ran ? arena.ran : arena.failed);
    if (fits != ran) ++(ran ? arena.ran_without_fitting : arena.fitting_but_failed);
    if (!ran) continue;
    arena.points.push_back(
        {model, batch, device, row.locality, options, {}, row.iteration_seconds});
    arena.files.push_back(file);
    arena.keys.push_back(fmt::format("{},{}", row.task.model, row.task.batch_samples));
  }
}

using Train = std::function<bool(std::size_t point)>;

/// Errors of points, all and by their labels.
struct Outcome {
  Errors all;
  Errors sixteen_across_nodes;
  std::map<std::string, Errors> files, gpus, devices, families;
};

/// Fits on the points that `train` says and adds the errors of each point to one of the outcomes.
models::DeviceFit evaluate(const Arena& arena, const Train& train, Outcome& trained,
                           Outcome& held_out) {
  std::vector<CalibrationPoint> points;
  for (std::size_t i = 0; i < arena.points.size(); ++i)
    if (train(i)) points.push_back(arena.points[i]);
  models::DeviceFit fit = models::fit_devices(points, arena.priors, arena.coefficients, {});
  for (std::size_t i = 0; i < arena.points.size(); ++i) {
    const CalibrationPoint& point = arena.points[i];
    const double estimated = models::estimated_seconds(point, fit.devices);
    const double measured = point.measured_seconds;
    const int gpus = point.locality.gpus();
    Outcome& outcome = train(i) ? trained : held_out;
    outcome.all.add(estimated, measured);
    outcome.files[arena.files[i]].add(estimated, measured);
    outcome.gpus[fmt::format("{:2} GPUs", gpus)].add(estimated, measured);
    outcome.devices[fit.devices[point.device].gpu_type].add(estimated, measured);
    outcome.families[point.model->family].add(estimated, measured);
    if (gpus == 16 && point.locality.nodes > 1)
      outcome.sixteen_across_nodes.add(estimated, measured);
  }
  return fit;
}

void state_outcome(const std::string& what, const Outcome& outcome) {
  for (const auto* groups : {&outcome.gpus, &outcome.devices, &outcome.families})
    for (const auto& [label, errors] : *groups)
      state(fmt::format("{}, {}: {}", what, label, to_string(errors)));
}

/// The artifact's own estimates against its optimum (docs/systems/crius.md, "Estimation error").
constexpr double kArtifactMedian = 8.4;
constexpr double kSixteenAcrossNodes = 20;

void judge(const std::string& what, const Errors& errors, double target) {
  figure(fmt::format("{}: {}", what, to_string(errors)), fmt::format("median < {} %", target),
         errors.median() < target);
}

void judge(const std::string& what, const Outcome& outcome) {
  judge(what, outcome.all, kArtifactMedian);
  for (const auto& [file, errors] : outcome.files)
    judge(fmt::format("{}, {}", what, file), errors, kArtifactMedian);
  judge(what + ", 16 GPUs across nodes", outcome.sixteen_across_nodes, kSixteenAcrossNodes);
  state_outcome(what, outcome);
}

models::ParallelPlan plan_of(const traces::ForcedPlan& row, const models::ModelDescription& model,
                             const DeviceCosts& device, const models::EstimatorOptions& options) {
  models::ParallelPlan plan;
  plan.micro_batches = options.micro_batches;
  plan.recompute = options.recompute;
  plan.schedule = options.schedule;
  const double micro_batch = static_cast<double>(row.task.batch_samples) / plan.micro_batches;
  const auto cut = models::best_partition(models::layer_loads(model, device, micro_batch), row.pp,
                                          row.locality.gpus(), models::PartitionGoal::slowest_stage,
                                          models::StageSizes::equal);
  for (const models::StageShare& share : cut->stages)
    plan.stages.push_back({share.first_layer, share.layers, row.dp, row.tp});
  return plan;
}

/// Plans of one model, forced one by one: their order by our times and by the measured ones. The
/// fit has seen no row of that model. The runs went over the slow fabric.
void report_forced_plans(const std::string& data, const Arena& arena,
                         const models::CollectiveTables& links) {
  const auto rows = traces::read_forced_plans(data + "/arena/measured_fixed_plan.csv");
  std::vector<CalibrationPoint> points;
  for (const CalibrationPoint& point : arena.points)
    if (point.model->name != rows.front().task.model) points.push_back(point);
  models::DeviceFit fit = models::fit_devices(points, arena.priors, arena.coefficients, {});
  std::map<int, std::vector<std::pair<double, double>>> times;  // by GPUs: measured, ours
  for (const traces::ForcedPlan& row : rows) {
    DeviceCosts device;
    for (const DeviceCosts& fitted : fit.devices)
      if (fitted.gpu_type == row.gpu_type) device = fitted;
    // The runs went over the slow fabric; what its table lacks goes over its links.
    device.measured = links.find(row.gpu_type, "default");
    models::take_links(device, *device.measured);
    const models::ModelDescription& model = *models::find_model(row.task.model);
    const auto options = models::usual_options(model);
    const auto plan = plan_of(row, model, device, options);
    const double seconds = models::plan_time(model, static_cast<double>(row.task.batch_samples),
                                             plan, row.locality, device, options)
                               .total_seconds;
    times[row.locality.gpus()].push_back({row.iteration_seconds, seconds});
    state(fmt::format("forced {} on {}x{}: {:.1f} s, measured {:.1f} s", models::to_string(plan),
                      row.locality.nodes, row.locality.gpus_per_node, seconds,
                      row.iteration_seconds));
  }
  for (const CalibrationPoint& point : arena.points) {
    const traces::ForcedPlan& row = rows.front();
    if (point.model->name == row.task.model && point.locality == row.locality &&
        point.global_batch == static_cast<double>(row.task.batch_samples) &&
        arena.priors[point.device].gpu_type == row.gpu_type) {
      state(fmt::format(
          "the full search's best of {} on {}x{}: {:.1f} s, slower than forced plans "
          "there, so both tables cannot describe one set-up",
          row.task.model, row.locality.nodes, row.locality.gpus_per_node, point.measured_seconds));
    }
  }
  for (const auto& [gpus, both] : times) {
    int right = 0;
    int pairs = 0;
    for (std::size_t i = 0; i < both.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        ++pairs;
        right += (both[i].first < both[j].first) == (both[i].second < both[j].second) ? 1 : 0;
      }
    }
    figure(fmt::format("forced plans on {} GPUs: {} of {} pairs in the measured order", gpus, right,
                       pairs),
           "all", right == pairs);
  }
}

Arena read_arena(const std::string& folder, const models::CollectiveTables& links) {
  Arena arena;
  for (const char* file : {"optimal_iter_time.csv", "optimal_iter_time_h100_l20.csv"})
    add_table(arena, folder, file, links);
  arena.coefficients = models::searched_plan_coefficients(arena.priors);
  return arena;
}

/// Both halves of a split by the hash of a point's model and batch, each fitted on the other.
void evaluate_halves(const Arena& arena, const std::string& salt, Outcome& trained,
                     Outcome& held_out) {
  for (const std::uint64_t half : {0, 1}) {
    evaluate(
        arena, [&](std::size_t i) { return base::mix_hash(salt + arena.keys[i]) % 2 != half; },
        trained, held_out);
  }
}

/// Returns the median error of the held-out points.
double report_halves(const Arena& arena) {
  Outcome trained;
  Outcome held_out;
  evaluate_halves(arena, "", trained, held_out);
  state("fitted halves: " + to_string(trained.all));
  judge("held-out halves", held_out);
  std::string medians;
  for (const char* salt : {"1:", "2:", "3:", "4:", "5:"}) {
    Outcome fitted;
    Outcome other;
    evaluate_halves(arena, salt, fitted, other);
    medians += fmt::format(" {:.1f} %", other.all.median());
  }
  state("held-out halves of five other splits, medians:" + medians);
  return held_out.all.median();
}

void report_families(const Arena& arena) {
  Outcome trained;
  Outcome held_out;
  for (const char* family : {"bert", "moe", "wide_resnet"}) {
    evaluate(
        arena, [&](std::size_t i) { return arena.points[i].model->family != family; }, trained,
        held_out);
  }
  judge("family left out", held_out);
}

}  // namespace

void report_arena(const std::string& data, const std::string& costs_path) {
  const auto links = traces::read_collectives(data + "/arena/collectives.csv");
  const Arena arena = read_arena(data + "/arena/", links);
  state(
      fmt::format("memory: {} of {} configurations that ran would not fit by our model (estimated "
                  "without it), {} of {} that could not run would",
                  arena.ran_without_fitting, arena.ran, arena.fitting_but_failed, arena.failed));
  const double held_out = report_halves(arena);
  report_families(arena);
  report_forced_plans(data, arena, links);
  if (costs_path.empty()) return;
  models::DeviceFit fit = models::fit_devices(arena.points, arena.priors, arena.coefficients, {});
  for (DeviceCosts& device : fit.devices)
    device.source = fmt::format(
        "fitted to {} iteration times of the Crius artifact, median error {:.1f} % on held-out "
        "models",
        arena.points.size(), held_out);
  base::write_file_atomically(costs_path, models::device_costs_csv(fit.devices));
}

}  // namespace orrery::estimator_report
