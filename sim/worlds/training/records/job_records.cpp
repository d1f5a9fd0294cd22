#include "sim/worlds/training/records/job_records.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orrery::training {

JobRecords::JobRecords(const platform::Inventory& inventory,
                       const workloads::TrainingWorkload& workload)
    : inventory_(inventory), workload_(workload), records_(workload.jobs.size()) {
  assert(inventory.types.size() <= 64);
  for (const workloads::TrainingJob& job : workload.jobs) {
    some_pruned_ |= !job.pruning.is_none();
    some_users_ |= !job.user.is_none();
    some_accounts_ |= !job.account.is_none();
  }
}

void JobRecords::begin_wait(Record& record, double seconds) const {
  record.state = JobState::pending;
  record.pending_since_seconds = seconds;
}

void JobRecords::end_wait(Record& record, double seconds) const {
  record.wait_seconds += seconds - record.pending_since_seconds;
}

void JobRecords::on_event(const ClusterEvent& event) {
  if (event.job.is_none()) return;
  Record& record = records_[event.job.index()];
  switch (event.kind) {
    case ClusterEvent::Kind::submitted:
      record.submit_seconds = event.seconds;
      begin_wait(record, event.seconds);
      break;
    case ClusterEvent::Kind::rejected:
      record.submit_seconds = event.seconds;
      record.state = JobState::rejected;
      break;
    case ClusterEvent::Kind::dropped:
      record.state = JobState::rejected;
      break;
    case ClusterEvent::Kind::started:
    case ClusterEvent::Kind::resumed:
      end_wait(record, event.seconds);
      if (!record.started) record.first_start_seconds = event.seconds;
      if (record.started) ++record.restarts;
      record.started = true;
      record.state = JobState::running;
      break;
    case ClusterEvent::Kind::changed:
      ++record.restarts;
      break;
    case ClusterEvent::Kind::preempted:
      ++record.preemptions;
      begin_wait(record, event.seconds);
      break;
    case ClusterEvent::Kind::interrupted:
    case ClusterEvent::Kind::failed: {
      ++record.interruptions;
      record.lost_work_seconds += event.lost_work_seconds;
      const auto& job = workload_.jobs[event.job.index()];
      lost_work_gpu_seconds_ += event.lost_work_seconds * job.gpus * job.gpu_milli / 1000;
      begin_wait(record, event.seconds);
      if (event.kind == ClusterEvent::Kind::failed) record.state = JobState::failed;
      break;
    }
    case ClusterEvent::Kind::finished:
      record.state = JobState::finished;
      record.finish_seconds = event.seconds;
      if (counts(event.job.index())) {
        last_finish_seconds_ = event.seconds;
        any_finished_ = true;
      }
      break;
    case ClusterEvent::Kind::held_back:
    case ClusterEvent::Kind::waits:
    case ClusterEvent::Kind::migrated:
    case ClusterEvent::Kind::shared:
    case ClusterEvent::Kind::node_failed:
    case ClusterEvent::Kind::node_repaired:
    case ClusterEvent::Kind::decided:
    case ClusterEvent::Kind::round_ended:
      break;
  }
}

void JobRecords::on_span(const AllocationSpan& span) {
  Record& record = records_[span.job.index()];
  double gpus = 0;
  for (const platform::NodeShare& share : span.placement) {
    gpus += static_cast<double>(share.gpus) * share.milli / 1000;
    record.types |= std::uint64_t{1} << inventory_.nodes[share.node.index()].type.index();
  }
  record.service_gpu_seconds += (span.end_seconds - span.start_seconds) * gpus;
}

void JobRecords::finish(double end_seconds, bool horizon_cut) {
  horizon_cut_ = horizon_cut;
  for (Record& record : records_)
    if (record.state == JobState::pending) end_wait(record, end_seconds);
}

JobTimes JobRecords::distributions(double (*of)(const Record&)) const {
  std::vector<double> values;
  bool complete = !horizon_cut_;
  for (std::size_t j = 0; j < records_.size(); ++j) {
    const Record& record = records_[j];
    if (!counts(j)) continue;
    if (record.state == JobState::finished)
      values.push_back(of(record));
    else if (record.state != JobState::rejected && record.state != JobState::failed)
      complete = false;
  }
  JobTimes out;
  out.finished = report::distribution_of(values);
  if (complete) out.exhaustion = out.finished;
  return out;
}

namespace {

/// Jain's index: 1 where all have the same, 1/n where one has all. Nothing where none has any.
std::optional<double> jain_index(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  if (squares <= 0) return std::nullopt;
  return sum * sum / (static_cast<double>(values.size()) * squares);
}

}  // namespace

void JobRecords::summarize(RunTotals& totals) const {
  double first_submit_seconds = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < records_.size(); ++j) {
    const Record& record = records_[j];
    if (record.state == JobState::future || !counts(j)) continue;
    ++totals.jobs.submitted;
    if (record.state != JobState::rejected)
      first_submit_seconds = std::min(first_submit_seconds, record.submit_seconds);
    totals.jobs.finished += record.state == JobState::finished;
    totals.jobs.rejected += record.state == JobState::rejected;
    totals.jobs.failed += record.state == JobState::failed;
    totals.restarts += record.restarts;
  }
  totals.jobs.unfinished =
      totals.jobs.submitted - totals.jobs.finished - totals.jobs.rejected - totals.jobs.failed;
  totals.jct = distributions(
      [](const Record& record) { return record.finish_seconds - record.submit_seconds; });
  totals.wait = distributions([](const Record& record) { return record.wait_seconds; });
  totals.first_start_wait = distributions(
      [](const Record& record) { return record.first_start_seconds - record.submit_seconds; });
  if (any_finished_) totals.makespan_seconds = last_finish_seconds_ - first_submit_seconds;
  totals.lost_work_gpu_seconds = lost_work_gpu_seconds_;
  totals.fairness = fairness();
}

std::optional<Fairness> JobRecords::fairness() const {
  if (!some_users_) return std::nullopt;
  struct User {
    double slowdowns = 0, finished = 0, gpu_seconds = 0;
  };
  std::map<workloads::NameId, User> users;
  for (std::size_t j = 0; j < records_.size(); ++j) {
    const Record& record = records_[j];
    const workloads::TrainingJob& job = workload_.jobs[j];
    if (!counts(j) || record.state == JobState::future || job.user.is_none()) continue;
    User& user = users[job.user];
    user.gpu_seconds += record.service_gpu_seconds;
    if (record.state != JobState::finished) continue;
    user.slowdowns += bounded_slowdown(record, job);
    user.finished += 1;
  }
  std::vector<double> slowdowns;
  std::vector<double> gpu_seconds;
  for (const auto& [name, user] : users) {
    gpu_seconds.push_back(user.gpu_seconds);
    if (user.finished > 0) slowdowns.push_back(user.slowdowns / user.finished);
  }
  return Fairness{jain_index(slowdowns), jain_index(gpu_seconds)};
}

namespace {

std::string_view state_text(JobState state) {
  return state == JobState::future ? "not_submitted" : to_string(state);
}

/// Jobs of about one size, in whole GPUs: `<1`, `1`, `2`, `3-4`, `5-8`, ..., `>512`.
std::string size_class(const workloads::TrainingJob& job) {
  constexpr std::int32_t kLargest = 512;
  if (job.gpu_milli < 1000) return "<1";
  if (job.gpus <= 2) return std::to_string(job.gpus);
  if (job.gpus > kLargest) return ">" + std::to_string(kLargest);
  const auto most = static_cast<std::int32_t>(std::bit_ceil(static_cast<std::uint32_t>(job.gpus)));
  return std::to_string(most / 2 + 1) + "-" + std::to_string(most);
}

/// 0 to 23, by the clock of the trace's place.
std::int64_t hour_of_day(double calendar_seconds) {
  constexpr double kDay = 86400;
  const double within = calendar_seconds - std::floor(calendar_seconds / kDay) * kDay;
  return std::min<std::int64_t>(23, static_cast<std::int64_t>(within / 3600));
}

std::string types_text(const platform::Inventory& inventory, std::uint64_t types) {
  std::string out;
  for (std::size_t t = 0; t < inventory.types.size(); ++t) {
    if ((types >> t & 1) == 0) continue;
    if (!out.empty()) out += '|';
    out += inventory.types[t];
  }
  return out;
}

}  // namespace

/// As the field has it (Feitelson et al., JSSPP'97), with its usual bound of 10 s: below it waiting
/// is not felt, and short jobs would outweigh all others.
double JobRecords::bounded_slowdown(const Record& record, const workloads::TrainingJob& job) {
  constexpr double kBoundSeconds = 10;
  const double alone = std::max(job.duration_seconds, kBoundSeconds);
  return std::max(record.finish_seconds - record.submit_seconds, kBoundSeconds) / alone;
}

void JobRecords::write_row(report::CsvFile& file, std::size_t j) const {
  const Record& record = records_[j];
  const workloads::TrainingJob& job = workload_.jobs[j];
  base::CsvWriter& row = file.row();
  const auto time_or_empty = [&](bool happened, double seconds) {
    if (happened)
      row.field(seconds);
    else
      row.empty();
  };
  const bool submitted = record.state != JobState::future;
  const bool queued = submitted && record.state != JobState::rejected;
  row.field(job.id).field(submitted ? record.submit_seconds : job.submit_seconds);
  time_or_empty(record.started, record.first_start_seconds);
  const bool finished = record.state == JobState::finished && counts(j);
  time_or_empty(finished, record.finish_seconds);
  row.field(counts(j) ? state_text(record.state) : "replica")
      .field(static_cast<double>(job.gpus) * job.gpu_milli / 1000);
  time_or_empty(queued, record.wait_seconds);
  row.field(std::int64_t{record.restarts})
      .field(std::int64_t{record.preemptions})
      .field(std::int64_t{record.interruptions})
      .field(record.service_gpu_seconds)
      .field(record.lost_work_seconds)
      .field(types_text(inventory_, record.types))
      .field(workload_.names.text(job.virtual_cluster))
      .field(workload_.names.text(job.model));
  if (some_pruned_) row.field(workload_.names.text(job.pruning));
  if (some_users_) row.field(workload_.names.text(job.user));
  if (some_accounts_) row.field(workload_.names.text(job.account));
  row.field(size_class(job));
  if (workload_.calendar_zero_seconds)
    row.field(hour_of_day(*workload_.calendar_zero_seconds +
                          (submitted ? record.submit_seconds : job.submit_seconds)));
  time_or_empty(finished, bounded_slowdown(record, job));
  file.end_row();
}

void JobRecords::write(const std::string& path) const {
  std::vector<std::string> columns = {"job_id",
                                      "submit_seconds",
                                      "start_seconds",
                                      "finish_seconds",
                                      "state",
                                      "gpus",
                                      "wait_seconds",
                                      "restarts",
                                      "preemptions",
                                      "interruptions",
                                      "service_gpu_seconds",
                                      "lost_work_seconds",
                                      "gpu_types",
                                      "virtual_cluster",
                                      "model"};
  if (some_pruned_) columns.emplace_back("pruning");
  if (some_users_) columns.emplace_back("user");
  if (some_accounts_) columns.emplace_back("account");
  columns.emplace_back("size_class");
  if (workload_.calendar_zero_seconds) columns.emplace_back("hour_of_day");
  columns.emplace_back("bounded_slowdown");
  report::CsvFile file(path, columns);
  for (std::size_t j = 0; j < records_.size(); ++j) write_row(file, j);
  file.close();
}

}  // namespace orrery::training
