#include "sim/worlds/training/records/free_gpus.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace orrery::training {

FreeGpus::FreeGpus(const platform::Inventory& inventory,
                   const workloads::TrainingWorkload& workload, Pools pools)
    : inventory_(inventory),
      workload_(workload),
      pools_(std::move(pools)),
      all_types_(inventory.types.size()) {
  std::iota(all_types_.begin(), all_types_.end(), std::size_t{0});
  // Nodes without GPUs are in none: their number is not that of a pool.
  for (std::size_t n = 0; n < pools_.of_node.size(); ++n)
    if (inventory.nodes[n].gpus > 0) pool_count_ = std::max(pool_count_, pools_.of_node[n] + 1);
  free_milli_.resize(pool_count_ * inventory.types.size());
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n)
    add(platform::NodeId(n), std::int64_t{1000} * inventory.nodes[n].gpus);
}

void FreeGpus::add(platform::NodeId node, std::int64_t milli) {
  const platform::NodeInfo& info = inventory_.nodes[node.index()];
  if (info.gpus == 0) return;
  const std::size_t pool = pools_.of_node.empty() ? 0 : pools_.of_node[node.index()];
  free_milli_[pool * all_types_.size() + info.type.index()] += milli;
}

void FreeGpus::add(std::span<const platform::NodeShare> placement, std::int64_t sign) {
  for (const platform::NodeShare& share : placement)
    add(share.node, sign * share.gpus * share.milli);
}

void FreeGpus::on_event(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  switch (event.kind) {
    case Kind::started:
    case Kind::resumed:
      add(event.placement, -1);
      break;
    case Kind::changed:
      add(event.old_placement, 1);
      add(event.placement, -1);
      break;
    case Kind::preempted:
    case Kind::interrupted:
    case Kind::failed:
    case Kind::finished:
      add(event.placement, 1);
      break;
    case Kind::node_failed:
    case Kind::node_repaired:
      add(event.node, (event.kind == Kind::node_failed ? -1000 : std::int64_t{1000}) *
                          inventory_.nodes[event.node.index()].gpus);
      break;
    default:
      break;
  }
}

std::int64_t FreeGpus::milli_of(std::uint32_t pool, std::size_t type) const {
  const std::int64_t others =
      pools_.others_milli ? pools_.others_milli(pool, platform::TypeId(type)) : 0;
  return std::max<std::int64_t>(0, free_milli_[pool * all_types_.size() + type] - others);
}

double FreeGpus::count_for(workloads::JobId job) {
  std::int64_t milli = 0;
  if (job.is_none()) {
    for (std::uint32_t pool = 0; pool < pool_count_; ++pool)
      for (const std::size_t type : all_types_) milli += milli_of(pool, type);
  } else {
    const std::uint32_t pool = pools_.of_job.empty() ? 0 : pools_.of_job[job.index()];
    for (const std::size_t type : types_of(job)) milli += milli_of(pool, type);
  }
  return static_cast<double>(milli) / 1000;
}

const std::vector<std::size_t>& FreeGpus::types_of(workloads::JobId job) {
  const workloads::NameId name = workload_.jobs[job.index()].gpu_types;
  if (name.is_none()) return all_types_;
  if (name.index() >= types_of_names_.size()) types_of_names_.resize(name.index() + 1);
  std::vector<std::size_t>& types = types_of_names_[name.index()];
  if (!types.empty()) return types;
  std::string_view rest = workload_.names.text(name);
  while (!rest.empty()) {
    const std::size_t bar = rest.find('|');
    const auto type = inventory_.find_type(std::string(rest.substr(0, bar)));
    if (!type.is_none()) types.push_back(type.index());
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
  }
  return types.empty() ? all_types_ : types;
}

}  // namespace orrery::training
