#include "models/training/comm_volume.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::models {

namespace {

constexpr double kReshapePenalty = 1.1;  // docs/systems/crius.md, "Communication volume": gamma

double kept_apart(int ranks) {
  return static_cast<double>(ranks - 1) / ranks;
}

}  // namespace

StageVolume stage_volume(const ModelDescription& model, const StagePlan& stage, double samples,
                         int next_gpus) {
  StageVolume volume;
  const double own_samples = samples / stage.dp;
  double weights = 0;
  for (int k = stage.first_layer; k < stage.first_layer + stage.layers; ++k) {
    const Layer& layer = model.layers[static_cast<std::size_t>(k)];
    volume.micro_batch_bytes += own_samples * (layer.all_reduces * layer.all_reduce_bytes +
                                               layer.all_to_alls * layer.all_to_all_bytes);
    weights += layer.parameters * model.bytes_per_element;
    if (next_gpus > 0 && k + 1 == stage.first_layer + stage.layers)
      volume.handed_on_bytes = samples * layer.output_bytes / std::min(stage.gpus(), next_gpus);
  }
  volume.micro_batch_bytes *= kept_apart(stage.tp);
  volume.once_bytes = weights / stage.tp * kept_apart(stage.dp);
  return volume;
}

StagePlan proxy_shape(const ModelDescription& model, const StagePlan& stage, double samples,
                      const StagePlan* previous) {
  const int gpus = stage.gpus();
  StagePlan best = stage;
  double least = -1;
  for (int tp = 1; tp <= gpus; tp *= 2) {
    StagePlan shape = stage;
    shape.tp = tp;
    shape.dp = gpus / tp;
    if (shape.dp > samples && tp < gpus) continue;
    const StageVolume volume = stage_volume(model, shape, samples, 0);
    double bytes = volume.micro_batch_bytes + volume.once_bytes;
    if (previous != nullptr && (previous->dp != shape.dp || previous->tp != shape.tp))
      bytes *= kReshapePenalty;
    if (least >= 0 && bytes >= least) continue;
    least = bytes;
    best = shape;
  }
  return best;
}

double end_to_end_bytes(std::span<const StageVolume> stages, int micro_batches) {
  double handed_on = 0;
  double squares = 0;
  double most = 0;
  double once = 0;
  for (const StageVolume& stage : stages) {
    handed_on += stage.handed_on_bytes;
    most = std::max(most, stage.micro_batch_bytes);
    once += stage.once_bytes;
  }
  const auto count = static_cast<double>(stages.size());
  for (const StageVolume& stage : stages) {
    const double off = stage.handed_on_bytes - handed_on / count;
    squares += off * off;
  }
  return handed_on + 0.5 * std::sqrt(squares / count) + (micro_batches - 1) * (most + once);
}

}  // namespace orrery::models
