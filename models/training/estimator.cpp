#include "models/training/estimator.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "models/training/comm_volume.hpp"
#include "models/training/stage_costs.hpp"
#include "models/training/stage_partition.hpp"

namespace orrery::models {

namespace {

/// More combinations of shapes than this are not gone through one by one.
constexpr std::size_t kMostCombinations = 1024;

/// One (dp, tp) of one stage with everything that does not depend on the other stages' shapes.
struct Shape {
  StagePlan stage;
  StageTimes times;
  StageMemory memory;
};

/// A partition with the shapes that each of its stages may take.
struct Choices {
  StagePartition partition;
  std::vector<std::vector<Shape>> shapes;  // [stage][choice]
};

/// One combination; `picked` are its choices in Search::picks_, one for each stage.
struct Candidate {
  std::size_t choices = 0;
  std::size_t picked = 0;
  TimeBreakdown time;
};

bool is_proxy(const ModelDescription& model, double micro_batch, const ParallelPlan& plan) {
  const StagePlan* previous = nullptr;
  for (const StagePlan& stage : plan.stages) {
    if (!(proxy_shape(model, stage, micro_batch, previous) == stage)) return false;
    previous = &stage;
  }
  return true;
}

class Search {
 public:
  Search(const ModelDescription& model, double global_batch, const DeviceCosts& device,
         const Locality& locality, const EstimatorOptions& options)
      : model_(model),
        batch_(global_batch),
        device_(device),
        locality_(locality),
        options_(options) {
    // Halved until each micro-batch holds at least one sample.
    int micro_batches = std::max(1, options.micro_batches);
    while (micro_batches > 1 && micro_batches > global_batch) micro_batches /= 2;
    skeleton_.micro_batches = micro_batches;
    skeleton_.recompute = options.recompute;
    skeleton_.zero1 = options.zero1;
    skeleton_.sequence_parallel = options.sequence_parallel;
    skeleton_.schedule = options.schedule;
    form_ = iteration_form(skeleton_, device, locality, options);
  }

  CellEstimate run() {
    const int gpus = locality_.gpus();
    const std::vector<double> loads = layer_loads(model_, device_, micro_batch());
    const int most_stages = options_.data_parallel_only ? 1 : gpus;
    for (int stages = 1; stages <= most_stages; stages *= 2)
      for (StagePartition& partition : candidate_partitions(loads, stages, gpus))
        look_into(std::move(partition));
    return result();
  }

 private:
  double micro_batch() const { return batch_ / skeleton_.micro_batches; }

  /// The plan of a partition without shapes: memory in flight depends on it alone.
  ParallelPlan plan_of(const StagePartition& partition) const {
    ParallelPlan plan = skeleton_;
    for (const StageShare& share : partition.stages)
      plan.stages.push_back({share.first_layer, share.layers, share.gpus, 1});
    return plan;
  }

  void look_into(StagePartition partition) {
    Choices choices;
    ParallelPlan plan = plan_of(partition);
    const std::vector<StageTimes> sends = transfers(plan);
    StageSite site{0, locality_};
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
      choices.shapes.push_back(shapes_of(plan, static_cast<int>(i), site, sends[i]));
      combinations = std::min(combinations * choices.shapes[i].size(), kMostCombinations + 1);
      site.first_gpu += partition.stages[i].gpus;
    }
    choices.partition = std::move(partition);
    choices_.push_back(std::move(choices));
    if (combinations == 0) return;
    if (options_.mixed_shapes && combinations <= kMostCombinations)
      try_all();
    else
      try_uniform();
  }

  /// Transfers between stages, which depend on their GPUs and not on their shapes.
  std::vector<StageTimes> transfers(const ParallelPlan& plan) const {
    std::vector<StageTimes> times(plan.stages.size());
    StageSite site{0, locality_};
    for (std::size_t i = 0; i + 1 < plan.stages.size(); ++i) {
      const StageSite next{site.first_gpu + plan.stages[i].gpus(), locality_};
      const double seconds = boundary_seconds(model_, plan, i, site, next, micro_batch(), device_);
      times[i].send_activations_seconds = seconds;
      times[i + 1].send_gradients_seconds = seconds;
      site = next;
    }
    return times;
  }

  std::vector<Shape> shapes_of(ParallelPlan& plan, int index, const StageSite& site,
                               const StageTimes& sends) {
    std::vector<Shape> shapes;
    StagePlan& stage = plan.stages[static_cast<std::size_t>(index)];
    const int gpus = stage.gpus();
    const int most_tp = options_.data_parallel_only ? 1 : gpus;
    for (int tp = 1; tp <= most_tp; tp *= 2) {
      stage.tp = tp;
      stage.dp = gpus / tp;
      if (stage.dp > micro_batch()) {
        ++infeasible_.batch_too_small;
        continue;
      }
      Shape shape{stage, stage_times(model_, stage, site, micro_batch() / stage.dp, plan, device_),
                  stage_memory(model_, batch_, plan, index, adam_bytes(model_),
                               device_.runtime_memory_bytes)};
      shape.times.send_activations_seconds = sends.send_activations_seconds;
      shape.times.send_gradients_seconds = sends.send_gradients_seconds;
      shapes.push_back(shape);
    }
    stage.tp = 1;
    stage.dp = gpus;
    return shapes;
  }

  /// Every combination, the last stage's shape changing fastest.
  void try_all() {
    const Choices& choices = choices_.back();
    pick_.assign(choices.shapes.size(), 0);
    for (;;) {
      try_pick();
      std::size_t i = pick_.size();
      while (i > 0 && ++pick_[i - 1] == choices.shapes[i - 1].size()) pick_[--i] = 0;
      if (i == 0) return;
    }
  }

  /// The same tp in all stages, as far as a stage's GPUs go.
  void try_uniform() {
    const Choices& choices = choices_.back();
    std::size_t most = 0;
    for (const auto& shapes : choices.shapes) most = std::max(most, shapes.size());
    for (std::size_t choice = 0; choice < most; ++choice) {
      pick_.clear();
      for (const auto& shapes : choices.shapes)
        pick_.push_back(std::min(choice, shapes.size() - 1));
      try_pick();
    }
  }

  void try_pick() {
    const Choices& choices = choices_.back();
    times_.clear();
    double memory = 0;
    for (std::size_t i = 0; i < pick_.size(); ++i) {
      const Shape& shape = choices.shapes[i][pick_[i]];
      times_.push_back(shape.times);
      memory = std::max(memory, shape.memory.total_bytes());
    }
    if (memory > device_.usable_memory_fraction * device_.memory_bytes) {
      ++infeasible_.out_of_memory;
      double& least = infeasible_.least_memory_bytes;
      least = least == 0 ? memory : std::min(least, memory);
      return;
    }
    candidates_.push_back({choices_.size() - 1, picks_.size(), iteration_time(times_, form_)});
    picks_.insert(picks_.end(), pick_.begin(), pick_.end());
  }

  PlanEstimate materialise(const Candidate& candidate) const {
    const Choices& choices = choices_[candidate.choices];
    PlanEstimate estimate;
    estimate.plan = skeleton_;
    estimate.time = candidate.time;
    estimate.imbalance = choices.partition.imbalance;
    estimate.compute_bound = true;
    std::vector<StageVolume> volumes;
    for (std::size_t i = 0; i < choices.shapes.size(); ++i) {
      const Shape& shape = choices.shapes[i][picks_[candidate.picked + i]];
      const StageTimes& t = shape.times;
      estimate.plan.stages.push_back(shape.stage);
      estimate.memory.push_back(shape.memory);
      estimate.peak_memory_bytes = std::max(estimate.peak_memory_bytes, shape.memory.total_bytes());
      if (t.forward_comm_seconds + t.backward_comm_seconds >=
          0.5 * (t.forward_seconds + t.backward_seconds))
        estimate.compute_bound = false;
      const bool last = i + 1 == choices.shapes.size();
      volumes.push_back(stage_volume(model_, shape.stage, micro_batch(),
                                     last ? 0 : choices.partition.stages[i + 1].gpus));
    }
    estimate.end_to_end_bytes = end_to_end_bytes(volumes, skeleton_.micro_batches);
    estimate.proxy = is_proxy(model_, micro_batch(), estimate.plan);
    return estimate;
  }

  CellEstimate result() {
    std::stable_sort(candidates_.begin(), candidates_.end(), [](const auto& a, const auto& b) {
      return a.time.total_seconds < b.time.total_seconds;
    });
    CellEstimate found;
    found.infeasible = infeasible_;
    found.calibrated = device_.calibrated;
    found.rests_on = device_.source;
    std::vector<std::size_t> seen;  // stage counts
    for (const Candidate& candidate : candidates_) {
      const std::size_t stages = choices_[candidate.choices].shapes.size();
      const bool first = std::find(seen.begin(), seen.end(), stages) == seen.end();
      if (first) seen.push_back(stages);
      if (first || found.plans.size() < options_.most_plans)
        found.plans.push_back(materialise(candidate));
    }
    found.feasible_plans = candidates_.size();
    return found;
  }

  const ModelDescription& model_;
  double batch_;
  const DeviceCosts& device_;
  const Locality& locality_;
  const EstimatorOptions& options_;
  ParallelPlan skeleton_;
  IterationForm form_;
  std::vector<Choices> choices_;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> picks_;
  std::vector<std::size_t> pick_;
  std::vector<StageTimes> times_;
  InfeasiblePlans infeasible_;
};

}  // namespace

IterationForm iteration_form(const ParallelPlan& plan, const DeviceCosts& device,
                             const Locality& locality, const EstimatorOptions& options) {
  return {.micro_batches = plan.micro_batches,
          .interleave = plan.interleave,
          .overlap_transfers = options.overlap_transfers,
          .serial_sync = options.serial_sync,
          .overhead_seconds = device.iteration_seconds,
          .send_seconds = device.send_seconds,
          .slowdown = device.node_slowdown * (locality.nodes - 1)};
}

TimeBreakdown plan_time(const ModelDescription& model, double global_batch,
                        const ParallelPlan& plan, const Locality& locality,
                        const DeviceCosts& device, const EstimatorOptions& options) {
  const std::vector<StageTimes> stages = plan_times(model, global_batch, plan, locality, device);
  return iteration_time(stages, iteration_form(plan, device, locality, options));
}

EstimatorOptions usual_options(const ModelDescription& model) {
  EstimatorOptions options;
  const std::string& f = model.family;
  if (f == "bert" || f == "moe" || f == "wide_resnet" || f == "gpt") return options;
  options.micro_batches = 1;
  options.recompute = Recompute::none;
  return options;
}

double CellEstimate::iteration_seconds() const {
  return plans.empty() ? std::numeric_limits<double>::infinity() : plans.front().time.total_seconds;
}

CellEstimate estimate(const ModelDescription& model, double global_batch, const DeviceCosts& device,
                      const Locality& locality, const EstimatorOptions& options) {
  return Search(model, global_batch, device, locality, options).run();
}

}  // namespace orrery::models
