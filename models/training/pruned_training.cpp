#include "models/training/pruned_training.hpp"

namespace orrery::models {

PrunedShares pruned_shares(const DeviceCosts& device, const ModelDescription& model,
                           const Layer& layer, double samples, int tp) {
  if (!model.pruning || device.products == nullptr) return {};
  return device.products->shares(layer, samples, tp, *model.pruning);
}

}  // namespace orrery::models
