#include "sim/worlds/training/toolkit/outages.hpp"

#include "sim/worlds/training/toolkit/configuration.hpp"

namespace orrery::training {

using platform::NodeId;
using platform::PlacementState;

namespace {

/// The nodes that are up, with all their GPUs free.
PlacementState all_free_on_up_nodes(const View& view) {
  platform::Inventory inventory;
  inventory.nodes.assign(view.nodes.begin(), view.nodes.end());
  inventory.types.resize(view.free->types());
  std::vector<NodeId> up;
  for (std::size_t n = 0; n < view.nodes.size(); ++n) {
    inventory.gpus += view.nodes[n].gpus;
    if (view.free->is_up(NodeId(n))) up.emplace_back(n);
  }
  return PlacementState(inventory, up);
}

}  // namespace

void Outages::update(const View& view, const Delta& delta) {
  if (delta.failed_nodes.empty() && delta.repaired_nodes.empty()) return;
  down_.resize(view.nodes.size());
  // A node may have gone down and come back several times between two rounds.
  const auto note = [&](NodeId node) { down_[node.index()] = view.free->is_up(node) ? 0 : 1; };
  for (const NodeId node : delta.failed_nodes) note(node);
  for (const NodeId node : delta.repaired_nodes) note(node);
  any_ = false;
  down_gpus_.assign(view.free->types(), 0);
  for (std::size_t n = 0; n < down_.size(); ++n) {
    const platform::NodeInfo& node = view.nodes[n];
    if (down_[n] == 0 || node.gpus == 0) continue;
    any_ = true;
    down_gpus_[node.type.index()] += node.gpus;
  }
  all_free_.reset();
  answers_.clear();
}

bool Outages::set_aside(const View& view, JobId job, const Place& place) {
  if (!any()) return false;
  const std::size_t demand = view.demand_of[job.index()].index();
  if (answers_.size() <= demand) answers_.resize(view.demands.size(), Answer::unknown);
  Answer& answer = answers_[demand];
  if (answer == Answer::unknown) {
    if (!all_free_) all_free_ = all_free_on_up_nodes(view);
    const auto placement = place(*all_free_);
    if (placement) give_back(*all_free_, *placement);
    answer = placement ? Answer::fits : Answer::set_aside;
  }
  return answer == Answer::set_aside;
}

bool Outages::set_aside(const View& view, JobId job, PlacementRule rule) {
  if (!any()) return false;
  return set_aside(view, job, [&](PlacementState& state) {
    return training::place(state, view.demand(job), rule);
  });
}

Reason Outages::why_nowhere(const View& view, JobId job,
                            std::span<const std::int32_t> counts) const {
  const std::int32_t asked = view.demand(job).gpus;
  if (is_rigid(view, job)) counts = {&asked, 1};
  for (const platform::TypeId type : usable_types(view, job))
    for (const std::int32_t gpus : counts)
      if (down_gpus(type) > 0 && gpus <= view.free->up_gpus(type) + down_gpus(type) &&
          believed_throughput(view, job, {type, gpus}) > 0)
        return Reason::nodes_down;
  return Reason::cannot_run;
}

}  // namespace orrery::training
