#include "models/training/stage_costs.hpp"

#include <algorithm>

#include "models/training/pruned_training.hpp"

namespace orrery::models {

namespace {

int node_of(int gpu, const Locality& locality) {
  return gpu / locality.gpus_per_node;
}

/// The GPUs of `count` ranks from a site on, as an allocation of their own: tables know a stage by
/// the nodes that it takes, whatever stands beside it.
GroupShape in_allocation(const StageSite& site, int count) {
  GroupShape group;
  const int last = site.first_gpu + count - 1;
  group.allocation_nodes =
      node_of(last, site.locality) - node_of(site.first_gpu, site.locality) + 1;
  group.allocation_gpus_per_node = count / std::min(count, group.allocation_nodes);
  return group;
}

/// Collectives of one layer for one micro-batch in one direction.
double layer_collective_seconds(const DeviceCosts& device, const Layer& layer,
                                const GroupShape& group, double samples) {
  double seconds = 0;
  if (layer.all_reduces > 0)
    seconds += layer.all_reduces * collective_seconds(device, CollectiveOp::all_reduce, group,
                                                      layer.all_reduce_bytes * samples);
  if (layer.all_to_alls > 0)
    seconds +=
        layer.all_to_alls * collective_seconds(device, CollectiveOp::all_to_all, group,
                                               layer.all_to_all_bytes * samples / group.ranks);
  return device.intra_stage_factor * seconds;
}

/// Batch statistics of one layer, one direction, one micro-batch.
double statistics_seconds(const DeviceCosts& device, const Layer& layer, const GroupShape& group) {
  if (layer.statistics_all_reduces == 0) return 0;
  const double bytes = layer.statistics_bytes / layer.statistics_all_reduces;
  return layer.statistics_all_reduces *
         collective_seconds(device, CollectiveOp::all_reduce, group, bytes);
}

/// Share of a layer's forward time that the backward pass spends on computing it again.
double recomputed_share(const Layer& layer, Recompute recompute) {
  if (recompute == Recompute::full) return 1;
  if (recompute == Recompute::none || layer.forward_flops <= 0) return 0;
  return layer.selective_flops / layer.forward_flops;
}

double tp_efficiency(const KindCosts& kind, int tp) {
  double efficiency = 1;
  for (int ranks = tp; ranks > 1; ranks /= 2) efficiency *= kind.tp_efficiency_per_doubling;
  return efficiency;
}

/// What a pass over a layer computes and reads of its weights, over what a dense layer does.
struct PassShares {
  double computing = 1;
  double weights = 1;
};

/// Whether the device's measured products say what the layer computes, rather than KindCosts.
bool priced_by_products(const DeviceCosts& device, const Layer& layer) {
  return device.products != nullptr && device.products->measured() && !layer.products.empty() &&
         layer.kind != LayerKind::convolution;
}

/// Seconds that a dense layer computes, forward.
double computing_seconds(const DeviceCosts& device, const ModelDescription& model,
                         const Layer& layer, double samples, int tp) {
  const double peak = peak_flops_per_second(device, model);
  if (priced_by_products(device, layer))
    return device.products->dense_seconds(layer, samples, tp) * device.products->peak() / peak;
  const KindCosts& kind = device.kinds[static_cast<std::size_t>(layer.kind)];
  const double flops = layer.forward_flops * samples / tp;
  const double rate = kind.flop_efficiency * tp_efficiency(kind, tp) * peak;
  // F / (e P F / (F + half)) = (F + half) / (e P), and the same for samples
  return flops > 0 ? (flops + kind.half_flops) * (1 + kind.half_samples / samples) / rate : 0;
}

/// Seconds of one layer forward, or of a pass backward that takes as long.
double pass_seconds(const DeviceCosts& device, const ModelDescription& model, const Layer& layer,
                    double samples, int tp, bool sequence_parallel, const PassShares& pass) {
  const KindCosts& kind = device.kinds[static_cast<std::size_t>(layer.kind)];
  const double weights = layer.kind == LayerKind::embedding
                             ? 0  // a look-up reads the rows it needs
                             : pass.weights * layer.parameters * model.bytes_per_element / tp;
  const double replicated = sequence_parallel ? 0 : kind.replicated_traffic;
  const double bytes =
      layer.traffic_bytes * samples * (replicated + (1 - replicated) / tp) + weights;
  const double computing = pass.computing * computing_seconds(device, model, layer, samples, tp);
  const double moving = bytes / (kind.traffic_efficiency * device.memory_bytes_per_second);
  const double both =
      std::max(computing, moving) + (1 - kind.traffic_overlap) * std::min(computing, moving);
  return kind.layer_seconds + std::max(kind.least_layer_seconds, both);
}

/// The backward pass of a layer whose forward pass takes `forward`, what is computed again
/// included.
double backward_seconds(const DeviceCosts& device, const ModelDescription& model,
                        const Layer& layer, double samples, int tp, const ParallelPlan& plan,
                        double forward) {
  const double again = recomputed_share(layer, plan.recompute);
  const double ratio = device.kinds[static_cast<std::size_t>(layer.kind)].backward_ratio;
  if (!model.pruning) return (ratio + again) * forward;
  const bool sp = plan.sequence_parallel;
  const PassShares input{pruned_shares(device, model, layer, samples, tp).input_gradient,
                         layer.stored_share};
  const double input_gradient = pass_seconds(device, model, layer, samples, tp, sp, input);
  const double weight_gradient = pass_seconds(device, model, layer, samples, tp, sp, {});
  return ratio / 2 * (input_gradient + weight_gradient) + again * forward;
}

}  // namespace

GroupShape tensor_group(const StagePlan& stage, const StageSite& site) {
  GroupShape group = in_allocation(site, stage.gpus());
  group.ranks = stage.tp;
  for (int replica = 0; replica < stage.dp; ++replica) {
    const int first = site.first_gpu + replica * stage.tp;
    const int last = first + stage.tp - 1;
    group.nodes =
        std::max(group.nodes, node_of(last, site.locality) - node_of(first, site.locality) + 1);
  }
  return group;
}

GroupShape data_group(const StagePlan& stage, const StageSite& site) {
  GroupShape group = in_allocation(site, stage.gpus());
  group.ranks = stage.dp;
  group.stride = stage.tp;
  const int last = site.first_gpu + (stage.dp - 1) * stage.tp;
  const int span = node_of(last, site.locality) - node_of(site.first_gpu, site.locality) + 1;
  group.nodes = std::min(span, stage.dp);
  if (group.nodes > 1) group.rings_per_node = std::min(stage.tp, site.locality.gpus_per_node);
  return group;
}

double layer_forward_seconds(const DeviceCosts& device, const ModelDescription& model,
                             const Layer& layer, double samples, int tp, bool sequence_parallel) {
  const PassShares pass{pruned_shares(device, model, layer, samples, tp).forward,
                        layer.stored_share};
  return pass_seconds(device, model, layer, samples, tp, sequence_parallel, pass);
}

StageTimes stage_times(const ModelDescription& model, const StagePlan& stage, const StageSite& site,
                       double samples, const ParallelPlan& plan, const DeviceCosts& device) {
  StageTimes times;
  const GroupShape tensor = tensor_group(stage, site);
  const GroupShape replicas = data_group(stage, site);
  double stage_parameters = 0;
  double sync = 0;
  for (int k = stage.first_layer; k < stage.first_layer + stage.layers; ++k) {
    const Layer& layer = model.layers[static_cast<std::size_t>(k)];
    const double forward =
        layer_forward_seconds(device, model, layer, samples, stage.tp, plan.sequence_parallel);
    times.forward_seconds += forward;
    times.backward_seconds +=
        backward_seconds(device, model, layer, samples, stage.tp, plan, forward);
    const double collectives = layer_collective_seconds(device, layer, tensor, samples) +
                               statistics_seconds(device, layer, replicas);
    times.forward_comm_seconds += collectives;
    // Full recomputation runs the forward collectives again.
    times.backward_comm_seconds += (plan.recompute == Recompute::full ? 2 : 1) * collectives;
    const double owned =
        (layer.parameters + (stage.first_layer > 0 ? layer.shared_parameters : 0)) / stage.tp;
    stage_parameters += owned;
    // Layer by layer, as buckets of gradients become ready.
    sync += collective_seconds(device, CollectiveOp::all_reduce, replicas,
                               owned * model.bytes_per_element);
  }
  times.sync_seconds = (1 - device.sync_overlap) * device.sync_factor * sync;
  times.update_seconds = stage_parameters / (plan.zero1 ? stage.dp : 1) *
                         device.update_bytes_per_parameter / device.memory_bytes_per_second;
  return times;
}

double transfer_seconds(const StagePlan& from, const StageSite& from_site, const StagePlan& to,
                        const StageSite& to_site, double bytes, const DeviceCosts& device) {
  const int pairs = std::min(from.gpus(), to.gpus());
  const Locality& locality = from_site.locality;
  GroupShape pair;
  pair.ranks = 2;
  pair.nodes =
      node_of(from_site.first_gpu, locality) == node_of(to_site.first_gpu, locality) ? 1 : 2;
  // Tables hold one pair of neighbours, in a node or across two.
  pair.allocation_nodes = pair.nodes;
  pair.allocation_gpus_per_node = pair.nodes == 1 ? 2 : 1;
  if (pair.nodes > 1) pair.rings_per_node = std::min(pairs, locality.gpus_per_node);
  return collective_seconds(device, CollectiveOp::send, pair, bytes / pairs);
}

double boundary_seconds(const ModelDescription& model, const ParallelPlan& plan, std::size_t stage,
                        const StageSite& site, const StageSite& next_site, double micro_batch,
                        const DeviceCosts& device) {
  const StagePlan& from = plan.stages[stage];
  const auto last = static_cast<std::size_t>(from.first_layer + from.layers - 1);
  return transfer_seconds(from, site, plan.stages[stage + 1], next_site,
                          model.layers[last].output_bytes * micro_batch, device);
}

std::vector<StageTimes> plan_times(const ModelDescription& model, double global_batch,
                                   const ParallelPlan& plan, const Locality& locality,
                                   const DeviceCosts& device) {
  std::vector<StageTimes> times;
  const double micro_batch = global_batch / plan.micro_batches;
  StageSite site{0, locality};
  for (const StagePlan& stage : plan.stages) {
    times.push_back(stage_times(model, stage, site, micro_batch / stage.dp, plan, device));
    site.first_gpu += stage.gpus();
  }
  site.first_gpu = 0;
  for (std::size_t i = 0; i + 1 < plan.stages.size(); ++i) {
    const StageSite next{site.first_gpu + plan.stages[i].gpus(), locality};
    const double seconds = boundary_seconds(model, plan, i, site, next, micro_batch, device);
    times[i].send_activations_seconds = seconds;
    times[i + 1].send_gradients_seconds = seconds;
    site = next;
  }
  return times;
}

}  // namespace orrery::models
