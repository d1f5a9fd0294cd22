// What pruning changes of a training step, and what it leaves as it is. All of it is ours: the
// papers on tile-wise sparsity give the time of inference, not of training.
//
//   forward           products of prunable weights run pruned
//   input gradient    likewise, but 2:4 holds along K only, which is not its reduction
//   weight gradient   dense, because masks are applied to it afterwards
//   recomputation     as forward
//   weights           held as stored: values with what says where they stand
//   gradients, optimizer state and their exchange stay as large as a dense model's
//
// Half of KindCosts::backward_ratio is the input gradient, half the weight gradient.
#pragma once

#include "models/training/device_costs.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// What the three parts of a layer's step take, over those of the dense layer, on one of `tp` ranks
/// with `samples` samples; all 1 for a dense model, and where the device prices no products.
PrunedShares pruned_shares(const DeviceCosts& device, const ModelDescription& model,
                           const Layer& layer, double samples, int tp);

}  // namespace orrery::models
