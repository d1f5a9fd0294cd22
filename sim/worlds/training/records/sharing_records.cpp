#include "sim/worlds/training/records/sharing_records.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/report/csv_file.hpp"

namespace orrery::training {

namespace {

constexpr double kNotWorking = std::numeric_limits<double>::infinity();

}  // namespace

SharingRecords::SharingRecords(std::string path, const workloads::TrainingWorkload& workload)
    : path_(std::move(path)), workload_(workload), records_(workload.jobs.size()) {
  for (Record& record : records_) record.since_seconds = kNotWorking;
}

void SharingRecords::begin(Record& record, const ClusterEvent& event) {
  record.started_seconds = event.seconds;
  record.slowdown = 1;
  record.several_nodes = event.placement.size() > 1;
  record.since_seconds = record.several_nodes ? event.seconds + event.restart_seconds : kNotWorking;
}

void SharingRecords::count(Record& record, double until_seconds) {
  if (until_seconds <= record.since_seconds) return;
  const double seconds = until_seconds - record.since_seconds;
  record.seconds += seconds;
  record.alone_seconds += seconds / record.slowdown;
  record.since_seconds = until_seconds;
}

void SharingRecords::on_event(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  if (event.job.is_none()) return;
  Record& record = records_[event.job.index()];
  switch (event.kind) {
    case Kind::started:
    case Kind::resumed:
      begin(record, event);
      break;
    case Kind::changed:
      count(record, event.seconds);
      begin(record, event);
      break;
    case Kind::migrated:
      if (record.several_nodes)
        record.since_seconds = record.started_seconds + event.restart_seconds;
      break;
    case Kind::shared:
      count(record, event.seconds);
      record.slowdown = event.slowdown;
      record.worst = std::max(record.worst, event.slowdown);
      ++record.changes;
      break;
    case Kind::preempted:
    case Kind::interrupted:
    case Kind::failed:
    case Kind::finished:
      count(record, event.seconds);
      record.since_seconds = kNotWorking;
      break;
    default:
      break;
  }
}

void SharingRecords::close(double end_seconds) {
  report::CsvFile file(path_, {"job_id", "multi_node_seconds", "alone_seconds", "slowdown",
                               "worst_slowdown", "speed_changes"});
  double sum = 0;
  for (std::size_t j = 0; j < records_.size(); ++j) {
    Record& record = records_[j];
    count(record, end_seconds);
    if (record.seconds <= 0) continue;
    const double slowdown = record.seconds / record.alone_seconds;
    file.row()
        .field(workload_.jobs[j].id)
        .field(record.seconds)
        .field(record.alone_seconds)
        .field(slowdown)
        .field(record.worst)
        .field(static_cast<std::int64_t>(record.changes));
    file.end_row();
    ++summary_.jobs;
    sum += slowdown;
    summary_.worst_slowdown = std::max(summary_.worst_slowdown, slowdown);
    summary_.speed_changes += record.changes;
  }
  file.close();
  if (summary_.jobs > 0) summary_.mean_slowdown = sum / static_cast<double>(summary_.jobs);
}

}  // namespace orrery::training
