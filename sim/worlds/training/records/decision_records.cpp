#include "sim/worlds/training/records/decision_records.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "models/base/numbers.hpp"

namespace orrery::training {

namespace {

/// The word of a kind in the file; empty for what is not a decision.
std::string_view kind_text(ClusterEvent::Kind kind) {
  switch (kind) {
    case ClusterEvent::Kind::held_back:
      return "held_back";
    case ClusterEvent::Kind::started:
      return "started";
    case ClusterEvent::Kind::resumed:
      return "resumed";
    case ClusterEvent::Kind::preempted:
      return "preempted";
    case ClusterEvent::Kind::changed:
      return "changed";
    case ClusterEvent::Kind::interrupted:
      return "interrupted";
    case ClusterEvent::Kind::failed:
      return "failed";
    case ClusterEvent::Kind::rejected:
      return "rejected";
    case ClusterEvent::Kind::dropped:
      return "dropped";
    case ClusterEvent::Kind::waits:
      return "waits";
    case ClusterEvent::Kind::node_failed:
      return "node_failed";
    case ClusterEvent::Kind::node_repaired:
      return "node_repaired";
    case ClusterEvent::Kind::submitted:
    case ClusterEvent::Kind::migrated:
    case ClusterEvent::Kind::shared:
    case ClusterEvent::Kind::finished:
    case ClusterEvent::Kind::decided:
    case ClusterEvent::Kind::round_ended:
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
                                 const workloads::TrainingWorkload& workload, Pools pools)
    : file_(path, {"sequence", "time_seconds", "kind", "job_id", "reason", "because_of", "value",
                   "gpus", "nodes", "free_gpus"}),
      inventory_(inventory),
      workload_(workload),
      free_(inventory, workload, std::move(pools)) {}

void DecisionRecords::on_event(const ClusterEvent& event) {
  free_.on_event(event);
  if (!held_.empty() && !event.job.is_none()) end_restart(event);
  if (kind_text(event.kind).empty()) return;
  Row row = row_of(event);
  if (held_.empty() && row.restarting.is_none())
    write(row);
  else
    held_.push_back(std::move(row));
}

void DecisionRecords::end_restart(const ClusterEvent& event) {
  const bool arrived = event.kind == ClusterEvent::Kind::migrated;
  const bool stopped = event.kind == ClusterEvent::Kind::preempted ||
                       event.kind == ClusterEvent::Kind::interrupted ||
                       event.kind == ClusterEvent::Kind::failed ||
                       event.kind == ClusterEvent::Kind::changed;
  if (!arrived && !stopped) return;
  const auto found = std::ranges::find(held_, event.job, &Row::restarting);
  if (found == held_.end()) return;
  found->value = arrived ? event.restart_seconds : event.seconds - found->seconds;
  found->restarting = {};
  write_known();
}

void DecisionRecords::write_known() {
  for (; !held_.empty() && held_.front().restarting.is_none(); held_.pop_front())
    write(held_.front());
}

void DecisionRecords::close(double end_seconds) {
  for (Row& row : held_) {
    if (row.restarting.is_none()) continue;
    row.value = end_seconds - row.seconds;
    row.restarting = {};
  }
  write_known();
  file_.close();
}

void DecisionRecords::write(const Row& row) {
  base::CsvWriter& out = file_.row();
  out.field(row.sequence).field(row.seconds).field(row.kind);
  out.field(row.job_id).field(row.reason).field(row.because_of).field(row.value);
  out.field(row.gpus).field(row.nodes).field(row.free_gpus);
  file_.end_row();
}

DecisionRecords::Row DecisionRecords::row_of(const ClusterEvent& event) {
  Row row;
  row.sequence = sequence_++;
  row.seconds = event.seconds;
  row.kind = kind_text(event.kind);
  name_jobs(row, event);
  const bool restarts =
      event.kind == ClusterEvent::Kind::resumed || event.kind == ClusterEvent::Kind::changed;
  if (event.kind == ClusterEvent::Kind::interrupted || event.kind == ClusterEvent::Kind::failed)
    row.value = event.lost_work_seconds;
  else if (restarts && std::isfinite(event.restart_seconds))
    row.value = event.restart_seconds;
  else if (restarts)
    row.restarting = event.job;
  else if (event.reason.text().value_is_time)
    row.value = event.value;
  name_nodes(row, event);
  row.free_gpus = free_.count_for(event.job);
  return row;
}

void DecisionRecords::name_jobs(Row& row, const ClusterEvent& event) const {
  if (!event.job.is_none()) row.job_id = workload_.jobs[event.job.index()].id;
  if (!event.reason.is_none()) row.reason = event.reason.word();
  if (!event.because_of.is_none()) row.because_of = workload_.jobs[event.because_of.index()].id;
}

void DecisionRecords::name_nodes(Row& row, const ClusterEvent& event) const {
  if (!event.placement.empty()) {
    for (const platform::NodeShare& share : event.placement) {
      if (!row.nodes.empty()) row.nodes += ';';
      row.nodes += std::to_string(share.node.index());
      row.nodes += ':';
      base::append_shortest(row.nodes, static_cast<double>(share.gpus) * share.milli / 1000);
    }
    row.gpus = gpus_of(event.placement);
  } else if (event.job.is_none()) {
    row.gpus = inventory_.nodes[event.node.index()].gpus;
    row.nodes = std::to_string(event.node.index());
  } else {
    const workloads::TrainingJob& job = workload_.jobs[event.job.index()];
    row.gpus = static_cast<double>(job.gpus) * job.gpu_milli / 1000;
  }
}

}  // namespace orrery::training
