#include "models/training/stage_partition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/training/stage_costs.hpp"

namespace orrery::models {

namespace {

constexpr double kUnreached = std::numeric_limits<double>::infinity();

/// The best way found to give the first `layers` layers `gpus` GPUs in so many stages.
struct Cell {
  double cost = kUnreached;
  int layers_before = 0;
  int gpus_before = 0;
};

/// GPU fractions (docs/systems/crius.md, "Stage determination") as running sums: [k] is that of the
/// first k layers.
std::vector<double> fractions_before(const std::vector<double>& loads, int gpus) {
  const double total = std::accumulate(loads.begin(), loads.end(), 0.0);
  std::vector<double> before{0};
  double sum = 0;
  for (const double load : loads) {
    sum += load;
    before.push_back(gpus * (total > 0 ? sum / total : 0));
  }
  return before;
}

std::vector<int> powers_of_two(int stages, int gpus) {
  std::vector<int> powers;
  for (int x = 1; x <= gpus - stages + 1; x *= 2) powers.push_back(x);
  return powers;
}

class PartitionTable {
 public:
  PartitionTable(const std::vector<double>& loads, int stages, int gpus, PartitionGoal goal,
                 std::vector<int> sizes)
      : layers_(static_cast<int>(loads.size())),
        stages_(stages),
        gpus_(gpus),
        goal_(goal),
        sizes_(std::move(sizes)),
        before_(fractions_before(loads, gpus)),
        cells_(index(stages, layers_, gpus) + 1) {}

  std::optional<StagePartition> solve() {
    at(0, 0, 0).cost = 0;
    for (int stage = 1; stage <= stages_; ++stage)
      for (int layers = stage; layers <= layers_ - (stages_ - stage); ++layers)
        for (int gpus = stage; gpus <= gpus_ - (stages_ - stage); ++gpus) fill(stage, layers, gpus);
    if (at(stages_, layers_, gpus_).cost == kUnreached) return std::nullopt;
    return trace_back();
  }

 private:
  std::size_t index(int stage, int layers, int gpus) const {
    const auto width = static_cast<std::size_t>(layers_) + 1;
    const auto depth = static_cast<std::size_t>(gpus_) + 1;
    return (static_cast<std::size_t>(stage) * width + static_cast<std::size_t>(layers)) * depth +
           static_cast<std::size_t>(gpus);
  }

  Cell& at(int stage, int layers, int gpus) { return cells_[index(stage, layers, gpus)]; }

  void fill(int stage, int layers, int gpus) {
    Cell best;
    for (const int size : sizes_) {
      if (size > gpus - (stage - 1)) break;
      for (int first = layers - 1; first >= stage - 1; --first) {
        const double fraction =
            before_[static_cast<std::size_t>(layers)] - before_[static_cast<std::size_t>(first)];
        const double own = goal_ == PartitionGoal::imbalance ? (fraction - size) * (fraction - size)
                                                             : fraction / size;
        // Longer stages only get further away from their size.
        if (own >= best.cost && fraction >= size) break;
        const double earlier = at(stage - 1, first, gpus - size).cost;
        const double cost =
            goal_ == PartitionGoal::imbalance ? earlier + own : std::max(earlier, own);
        if (cost < best.cost) best = {cost, first, gpus - size};
      }
    }
    at(stage, layers, gpus) = best;
  }

  StagePartition trace_back() {
    StagePartition partition;
    int layers = layers_;
    int gpus = gpus_;
    double squares = 0;
    for (int stage = stages_; stage > 0; --stage) {
      const Cell& cell = at(stage, layers, gpus);
      const StageShare share{cell.layers_before, layers - cell.layers_before,
                             gpus - cell.gpus_before};
      const double fraction = before_[static_cast<std::size_t>(layers)] -
                              before_[static_cast<std::size_t>(cell.layers_before)];
      squares += (fraction - share.gpus) * (fraction - share.gpus);
      partition.stages.push_back(share);
      layers = cell.layers_before;
      gpus = cell.gpus_before;
    }
    std::reverse(partition.stages.begin(), partition.stages.end());
    partition.imbalance = std::sqrt(squares);
    return partition;
  }

  int layers_;
  int stages_;
  int gpus_;
  PartitionGoal goal_;
  std::vector<int> sizes_;
  std::vector<double> before_;
  std::vector<Cell> cells_;
};

/// Stages of one size: the same question with one GPU for each, in units of that size.
std::optional<StagePartition> equal_partition(const std::vector<double>& loads, int stages,
                                              int gpus, PartitionGoal goal) {
  if (gpus % stages != 0) return std::nullopt;
  const int size = gpus / stages;
  auto found = PartitionTable(loads, stages, stages, goal, {1}).solve();
  if (!found) return found;
  for (StageShare& share : found->stages) share.gpus = size;
  found->imbalance *= size;
  return found;
}

}  // namespace

std::vector<double> layer_loads(const ModelDescription& model, const DeviceCosts& device,
                                double samples) {
  std::vector<double> loads;
  for (const Layer& layer : model.layers)
    loads.push_back(layer_forward_seconds(device, model, layer, samples, 1));
  return loads;
}

std::optional<StagePartition> best_partition(const std::vector<double>& loads, int stages, int gpus,
                                             PartitionGoal goal, StageSizes sizes) {
  if (stages < 1 || gpus < stages || static_cast<int>(loads.size()) < stages) return std::nullopt;
  if (sizes == StageSizes::equal) return equal_partition(loads, stages, gpus, goal);
  return PartitionTable(loads, stages, gpus, goal, powers_of_two(stages, gpus)).solve();
}

std::vector<StagePartition> candidate_partitions(const std::vector<double>& loads, int stages,
                                                 int gpus) {
  // Free sizes cost the square of the GPUs; beyond this many all stages get the same.
  constexpr int kMostFreeGpus = 64;
  std::vector<StagePartition> candidates;
  const auto offer = [&](PartitionGoal goal, StageSizes sizes) {
    auto found = best_partition(loads, stages, gpus, goal, sizes);
    if (!found) return;
    for (const StagePartition& known : candidates)
      if (known.stages == found->stages) return;
    candidates.push_back(std::move(*found));
  };
  if (gpus <= kMostFreeGpus) offer(PartitionGoal::imbalance, StageSizes::powers_of_two);
  offer(PartitionGoal::imbalance, StageSizes::equal);
  offer(PartitionGoal::slowest_stage, StageSizes::equal);
  return candidates;
}

}  // namespace orrery::models
