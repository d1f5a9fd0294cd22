#include "sim/worlds/training/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>

#include "models/base/parameters.hpp"

namespace orrery::training {

using platform::NodeId;
using platform::TypeId;
using workloads::TrainingJob;
using workloads::TrainingWorkload;

base::Where where_of(const TrainingWorkload& workload, JobId job, std::string column) {
  return {workload.source, static_cast<int>(workload.jobs[job.index()].line), 0, std::move(column)};
}

namespace {

std::vector<std::string> split_types(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    words.emplace_back(text.substr(0, bar));
    text = bar == std::string_view::npos ? std::string_view{} : text.substr(bar + 1);
  }
  return words;
}

/// The allowed types that this platform has, in its own order.
std::vector<TypeId> types_of(const platform::Inventory& inventory, const TrainingWorkload& workload,
                             JobId job) {
  const std::string_view text = workload.names.text(workload.jobs[job.index()].gpu_types);
  std::vector<TypeId> types;
  for (std::size_t t = 0; text.empty() && t < inventory.types.size(); ++t) types.emplace_back(t);
  for (const std::string& name : split_types(text)) {
    const TypeId type = inventory.find_type(name);
    if (!type.is_none()) types.push_back(type);
  }
  std::sort(types.begin(), types.end());
  if (types.empty())
    throw base::Error(
        where_of(workload, job, "gpu_types"),
        fmt::format("job {} wants GPU type '{}', but the cluster has only {}; where one of them is "
                    "meant, the trace's 'gpu_names: {{{}: {}}}' says so",
                    workload.jobs[job.index()].id, text, fmt::join(inventory.types, ", "),
                    split_types(text).front(), inventory.types.front()));
  return types;
}

/// Demands by what jobs write, so that equal jobs share a class.
class Classes {
 public:
  Classes(const platform::Inventory& inventory, const TrainingWorkload& workload,
          const JobThroughputs* throughputs)
      : inventory_(inventory), workload_(workload), throughputs_(throughputs) {}

  DemandId of(JobId id, std::vector<Demand>& demands) {
    const TrainingJob& job = workload_.jobs[id.index()];
    const auto [it, fresh] = known_.try_emplace(
        {job.gpus, job.gpu_milli, job.gpu_types.index(), task_of(id).index()}, demands.size());
    if (fresh) {
      demands.push_back({job.gpus, job.gpu_milli, types_of(inventory_, workload_, id)});
      keep_runnable(demands.back(), task_of(id));
    }
    return it->second;
  }

 private:
  struct Key {
    std::int32_t gpus, milli;
    std::size_t types, task;
    auto operator<=>(const Key&) const = default;
  };
  models::TaskId task_of(JobId job) const {
    return throughputs_ == nullptr ? models::TaskId{} : throughputs_->task_of[job.index()];
  }
  void keep_runnable(Demand& demand, models::TaskId task) const {
    if (task.is_none()) return;
    std::erase_if(demand.types, [&](TypeId type) {
      return !throughputs_->run->best(task, type.index(), demand.gpus).feasible() ||
             !throughputs_->decide->best(task, type.index(), demand.gpus).feasible();
    });
  }

  const platform::Inventory& inventory_;
  const TrainingWorkload& workload_;
  const JobThroughputs* throughputs_;
  std::map<Key, DemandId> known_;
};

using NamesOfClusters = std::vector<std::string>;

NamesOfClusters sorted(NamesOfClusters names) {
  std::ranges::sort(names);
  return names;
}

/// One scheduler for each set of virtual clusters that share nodes, in order of first appearance.
void divide_nodes(const platform::Inventory& inventory, platform::Ledger& ledger,
                  platform::HolderId holder, bool by_virtual_cluster, Division& division) {
  std::vector<std::vector<NodeId>> members;
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n) {
    if (inventory.nodes[n].gpus == 0) {
      division.scheduler_of_node.push_back(Division::kNoScheduler);
      continue;
    }
    const auto& group = inventory.groups[inventory.nodes[n].group];
    const auto names = by_virtual_cluster ? sorted(group.virtual_clusters) : NamesOfClusters{};
    const auto known = std::ranges::find(division.schedulers, names, &Scheduler::virtual_clusters);
    const auto index = static_cast<std::size_t>(known - division.schedulers.begin());
    if (known == division.schedulers.end()) {
      division.schedulers.emplace_back().virtual_clusters = names;
      members.emplace_back();
    }
    members[index].emplace_back(n);
    division.scheduler_of_node.push_back(static_cast<std::uint32_t>(index));
  }
  for (std::size_t i = 0; i < members.size(); ++i)
    division.schedulers[i].free = &ledger.index(holder, members[i]);
}

/// Whether a scheduler serves the jobs of a virtual cluster; an empty name: jobs of none.
bool serves(const Scheduler& scheduler, std::string_view name) {
  const auto& names = scheduler.virtual_clusters;
  return name.empty() ? names.empty() : std::ranges::find(names, name) != names.end();
}

std::uint32_t scheduler_of(const TrainingWorkload& workload, JobId job, bool by_virtual_cluster,
                           const Division& division) {
  const std::string_view name =
      by_virtual_cluster ? workload.names.text(workload.jobs[job.index()].virtual_cluster)
                         : std::string_view{};
  const auto& all = division.schedulers;
  const auto found = std::ranges::find_if(
      all, [&](const Scheduler& scheduler) { return serves(scheduler, name); });
  if (found == all.end())
    throw base::Error(
        where_of(workload, job, "virtual_cluster"),
        name.empty()
            ? fmt::format("job {} belongs to no virtual cluster, and no node group is without one; "
                          "set 'virtual_clusters: ignore' or leave such jobs out",
                          workload.jobs[job.index()].id)
            : fmt::format("job {} belongs to virtual cluster '{}', which has no nodes; give "
                          "a node group 'virtual_cluster: {}' or set 'virtual_clusters: "
                          "ignore'",
                          workload.jobs[job.index()].id, name, name));
  return static_cast<std::uint32_t>(found - all.begin());
}

}  // namespace

void check_virtual_clusters(const platform::Inventory& inventory, const base::Where& where) {
  std::map<std::string, NamesOfClusters> list_of;  // by a name, the first list it stands in
  for (const platform::NodeGroup& group : inventory.groups) {
    const NamesOfClusters names = sorted(group.virtual_clusters);
    for (const std::string& name : names) {
      const NamesOfClusters& known = list_of.try_emplace(name, names).first->second;
      if (known == names) continue;
      throw base::Error(
          where,
          fmt::format("the virtual cluster '{}' shares nodes with others in one group and not in "
                      "another, which is not modelled: found [{}] and [{}], expected the same list "
                      "in all groups that name it",
                      name, fmt::join(known, ", "), fmt::join(names, ", ")));
    }
  }
}

Division divide(const platform::Inventory& inventory, platform::Ledger& ledger,
                platform::HolderId holder, const TrainingWorkload& workload,
                bool by_virtual_cluster, const JobThroughputs* throughputs, bool policy_adapts) {
  Division division;
  divide_nodes(inventory, ledger, holder, by_virtual_cluster, division);
  assert(!division.schedulers.empty());
  // A policy that adapts looks at throughputs itself.
  Classes classes(inventory, workload, policy_adapts ? nullptr : throughputs);
  const std::size_t jobs = workload.jobs.size();
  division.demand_of.reserve(jobs);
  division.scheduler_of_job.reserve(jobs);
  for (std::size_t j = 0; j < jobs; ++j) {
    const JobId job(j);
    division.demand_of.push_back(classes.of(job, division.demands));
    division.scheduler_of_job.push_back(scheduler_of(workload, job, by_virtual_cluster, division));
    const Demand& demand = division.demands[division.demand_of.back().index()];
    const auto& free = *division.schedulers[division.scheduler_of_job.back()].free;
    const auto fits = [&](TypeId type) { return free.up_gpus(type) >= demand.gpus; };
    const bool has_task = throughputs != nullptr && !throughputs->task_of[j].is_none();
    const bool runs_somewhere = !has_task || workload.jobs[j].duration_seconds > 0;
    const bool fits_as_asked = std::ranges::any_of(demand.types, fits);
    if (!runs_somewhere || !(fits_as_asked || (has_task && policy_adapts)))
      division.oversized.push_back(job);
  }
  return division;
}

}  // namespace orrery::training
