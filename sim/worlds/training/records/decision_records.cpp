#include "sim/worlds/training/records/decision_records.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "models/base/numbers.hpp"

namespace orrery::training {

using Kind = ClusterEvent::Kind;

namespace {

/// The word of a kind in the file; empty for what is no decision.
std::string_view kind_text(Kind kind) {
  switch (kind) {
    case Kind::started:
      return "started";
    case Kind::resumed:
      return "resumed";
    case Kind::preempted:
      return "preempted";
    case Kind::changed:
      return "changed";
    case Kind::interrupted:
      return "interrupted";
    case Kind::failed:
      return "failed";
    case Kind::rejected:
      return "rejected";
    case Kind::dropped:
      return "dropped";
    case Kind::waits:
      return "waits";
    case Kind::node_failed:
      return "node_failed";
    case Kind::node_repaired:
      return "node_repaired";
    case Kind::submitted:
    case Kind::migrated:
    case Kind::shared:
    case Kind::finished:
    case Kind::decided:
    case Kind::round_ended:
      return {};
  }
  return {};
}

double gpus_of(std::span<const platform::NodeShare> placement) {
  double gpus = 0;
  for (const platform::NodeShare& share : placement)
    gpus += static_cast<double>(share.gpus) * share.milli / 1000;
  return gpus;
}

}  // namespace

DecisionRecords::DecisionRecords(const std::string& path, const platform::Inventory& inventory,
                                 const workloads::TrainingWorkload& workload)
    : file_(path, {"sequence", "time_seconds", "kind", "job_id", "reason", "because_of", "value",
                   "gpus", "nodes", "free_gpus"}),
      inventory_(inventory),
      workload_(workload),
      all_types_(inventory.types.size()) {
  std::iota(all_types_.begin(), all_types_.end(), std::size_t{0});
}

void DecisionRecords::on_event(const ClusterEvent& event, const UsageState& state) {
  const std::string_view kind = kind_text(event.kind);
  if (kind.empty()) return;
  file_.row().field(sequence_++).field(event.seconds).field(kind);
  write_job(event);
  write_nodes(event);
  file_.row().field(free_gpus(event, state));
  file_.end_row();
}

void DecisionRecords::write_job(const ClusterEvent& event) {
  base::CsvWriter& row = file_.row();
  if (event.job.is_none())
    row.empty();
  else
    row.field(workload_.jobs[event.job.index()].id);
  if (event.reason == Reason::none)
    row.empty();
  else
    row.field(to_string(event.reason));
  if (event.because_of.is_none())
    row.empty();
  else
    row.field(workload_.jobs[event.because_of.index()].id);
  const bool interrupted = event.kind == Kind::interrupted || event.kind == Kind::failed;
  if (interrupted)
    row.field(event.lost_work_seconds);
  else if ((event.kind == Kind::resumed || event.kind == Kind::changed) &&
           std::isfinite(event.restart_seconds))
    row.field(event.restart_seconds);
  else if (event.reason == Reason::reserved)
    row.field(event.value);
  else
    row.empty();
}

void DecisionRecords::write_nodes(const ClusterEvent& event) {
  base::CsvWriter& row = file_.row();
  if (!event.placement.empty()) {
    std::string nodes;
    for (const platform::NodeShare& share : event.placement) {
      if (!nodes.empty()) nodes += ';';
      nodes += std::to_string(share.node.index());
      nodes += ':';
      base::append_shortest(nodes, static_cast<double>(share.gpus) * share.milli / 1000);
    }
    row.field(gpus_of(event.placement)).field(nodes);
  } else if (event.job.is_none()) {
    row.field(std::int64_t{inventory_.nodes[event.node.index()].gpus})
        .field(static_cast<std::int64_t>(event.node.index()));
  } else {
    const workloads::TrainingJob& job = workload_.jobs[event.job.index()];
    row.field(static_cast<double>(job.gpus) * job.gpu_milli / 1000).empty();
  }
}

double DecisionRecords::free_gpus(const ClusterEvent& event, const UsageState& state) {
  std::int64_t milli = 0;
  for (const std::size_t type : event.job.is_none() ? all_types_ : types_of(event.job))
    // At the failure of a node its jobs still hold GPUs that are no longer there.
    milli += std::max<std::int64_t>(0, state.available_milli[type] - state.used_milli[type]);
  return static_cast<double>(milli) / 1000;
}

const std::vector<std::size_t>& DecisionRecords::types_of(workloads::JobId job) {
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
