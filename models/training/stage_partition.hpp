// Which layers form a stage and how many GPUs it gets: the stage determination of Crius.
#pragma once

#include <optional>
#include <vector>

#include "models/training/device_costs.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// The layers and GPUs of one stage; how its GPUs divide into (dp, tp) is decided later.
struct StageShare {
  int first_layer = 0;
  int layers = 1;
  int gpus = 1;

  bool operator==(const StageShare&) const = default;
};

/// A partition with its imbalance D (docs/systems/crius.md, "Stage determination"): the root of the
/// sum over stages of (GPU fraction of its layers - its GPUs)^2.
struct StagePartition {
  std::vector<StageShare> stages;
  double imbalance = 0;
};

/// What a partition is to make small.
enum class PartitionGoal {
  imbalance,      ///< D, as Crius does
  slowest_stage,  ///< the largest load per GPU (ours): what a long pipeline waits for
};

/// GPUs that a stage may get.
enum class StageSizes {
  powers_of_two,  ///< any power of two, all adding up to the GPUs
  equal,          ///< the same for every stage
};

/// Load q of each layer for a micro-batch of `samples` on one GPU: the roofline of the device with
/// the efficiencies that its costs state (docs/systems/crius.md, "Stage determination"; its factor
/// for WideResNet, 1 + 0.5 k, is left out).
std::vector<double> layer_loads(const ModelDescription& model, const DeviceCosts& device,
                                double samples);

/// The best contiguous partition of layers into `stages` stages on `gpus` GPUs; exact, by dynamic
/// programming where Crius enumerates. nullopt where there are fewer layers or GPUs than stages, or
/// no sizes add up. Equal values: the one whose last stages are shortest.
std::optional<StagePartition> best_partition(const std::vector<double>& loads, int stages, int gpus,
                                             PartitionGoal goal, StageSizes sizes);

/// The candidates that the estimator looks into: the least D with free and with equal sizes and
/// the least slowest stage with equal sizes, each once.
std::vector<StagePartition> candidate_partitions(const std::vector<double>& loads, int stages,
                                                 int gpus);

}  // namespace orrery::models
