#include "sim/worlds/training/records/trace_export.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "models/base/numbers.hpp"

namespace orrery::training {

using platform::NodeId;
using workloads::JobId;

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr std::int64_t kQueuePid = 1;
constexpr std::int64_t kClusterPid = 2;
constexpr std::int64_t kFirstNodePid = 3;

/// A time in whole nanoseconds, so that rounding keeps the order of starts and ends.
struct Nanoseconds {
  std::int64_t micro = 0;
  std::int64_t nano = 0;  // 0 to 999, beside `micro`

  explicit Nanoseconds(double seconds) {
    // As many nanoseconds as this do not fit, and a double so late knows none.
    constexpr double kLate = 9e9;
    if (seconds < kLate) {
      const auto all = static_cast<std::int64_t>(std::llround(seconds * 1e9));
      micro = all / 1000;
      nano = all % 1000;
    } else {
      micro = static_cast<std::int64_t>(std::llround(seconds * 1e6));
    }
  }
  /// From a time that is not later.
  Nanoseconds since(const Nanoseconds& start) const {
    Nanoseconds passed = *this;
    passed.micro -= start.micro;
    passed.nano -= start.nano;
    if (passed.nano >= 0) return passed;
    --passed.micro;
    passed.nano += 1000;
    return passed;
  }
};

/// As a decimal number of microseconds.
void append_microseconds(std::string& out, const Nanoseconds& time) {
  out += std::to_string(time.micro);
  if (time.nano != 0) fmt::format_to(std::back_inserter(out), ".{:03}", time.nano);
}

void append_json_text(std::string& out, std::string_view text) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

TraceExport::TraceExport(const std::string& path, const platform::Inventory& inventory,
                         const workloads::TrainingWorkload& workload, std::uint64_t limit)
    : file_(path),
      inventory_(inventory),
      workload_(workload),
      pending_since_(workload.jobs.size(), -1) {
  buffer_ = "{\"traceEvents\":[";
  const std::uint64_t names = limit / 10;
  budgets_[kNames].left = names;
  write_names();
  const std::uint64_t rest = limit - (names - budgets_[kNames].left);
  budgets_[kWaits].left = rest * 15 / 100;
  budgets_[kCounters].left = rest * 15 / 100;
  budgets_[kInstants].left = rest / 10;
  budgets_[kRuns].left =
      rest - budgets_[kWaits].left - budgets_[kCounters].left - budgets_[kInstants].left;
}

std::int64_t TraceExport::pid_of(NodeId node) const {
  return kFirstNodePid + static_cast<std::int64_t>(node.index());
}

std::int64_t TraceExport::tid_of(NodeId node, int slot) const {
  // Unique in the whole file and above every process: some viewers know threads by number alone.
  return kFirstNodePid + static_cast<std::int64_t>(inventory_.nodes.size()) +
         inventory_.nodes[node.index()].first_gpu + slot;
}

bool TraceExport::take(Class kind, std::uint64_t events) {
  Budget& budget = budgets_[kind];
  if (budget.left < events) {
    budget.left_out += events;
    return false;
  }
  budget.left -= events;
  return true;
}

std::uint64_t TraceExport::left_out() const {
  std::uint64_t sum = 0;
  for (const Budget& budget : budgets_) sum += budget.left_out;
  return sum;
}

void TraceExport::begin_event(std::string_view phase, std::string_view name, double seconds) {
  buffer_ += any_event_ ? ",\n{\"ph\":\"" : "\n{\"ph\":\"";
  any_event_ = true;
  buffer_ += phase;
  buffer_ += "\",\"name\":";
  append_json_text(buffer_, name);
  buffer_ += ",\"ts\":";
  append_microseconds(buffer_, Nanoseconds(seconds));
}

void TraceExport::put(std::string_view key, std::int64_t value) {
  fmt::format_to(std::back_inserter(buffer_), ",\"{}\":{}", key, value);
}

void TraceExport::put(std::string_view key, std::string_view value) {
  fmt::format_to(std::back_inserter(buffer_), ",\"{}\":", key);
  append_json_text(buffer_, value);
}

void TraceExport::end_event() {
  buffer_ += '}';
  if (buffer_.size() < kBufferBytes) return;
  file_.write(buffer_);
  buffer_.clear();
}

void TraceExport::write_name(std::string_view what, std::int64_t pid, std::int64_t tid,
                             std::string_view name) {
  if (!take(kNames, 1)) return;
  begin_event("M", what, 0);
  put("pid", pid);
  put("tid", tid);
  buffer_ += ",\"args\":{\"name\":";
  append_json_text(buffer_, name);
  buffer_ += '}';
  end_event();
}

void TraceExport::write_names() {
  write_name("process_name", kQueuePid, 0, "queue");
  write_name("process_name", kClusterPid, 0, "cluster");
  for (std::size_t n = 0; n < inventory_.nodes.size(); ++n) {
    const platform::NodeInfo& node = inventory_.nodes[n];
    if (node.gpus == 0) continue;
    const std::string& type = inventory_.types[node.type.index()];
    write_name("process_name", pid_of(NodeId(n)), tid_of(NodeId(n), 0),
               fmt::format("node {} ({} x{})", n, type, node.gpus));
    for (int slot = 0; slot < node.gpus; ++slot)
      write_name("thread_name", pid_of(NodeId(n)), tid_of(NodeId(n), slot),
                 fmt::format("GPU {}", slot));
  }
}

void TraceExport::on_event(const ClusterEvent& event) {
  switch (event.kind) {
    case ClusterEvent::Kind::submitted:
      pending_since_[event.job.index()] = event.seconds;
      break;
    case ClusterEvent::Kind::started:
    case ClusterEvent::Kind::resumed:
      end_wait(event.job, event.seconds);
      break;
    case ClusterEvent::Kind::preempted:
    case ClusterEvent::Kind::interrupted:
      pending_since_[event.job.index()] = event.seconds;
      if (!event.placement.empty())
        write_instant(event.kind == ClusterEvent::Kind::preempted ? "preempted" : "interrupted",
                      event, event.placement.front().node);
      break;
    case ClusterEvent::Kind::failed:
      write_instant("failed", event, event.node);
      break;
    case ClusterEvent::Kind::node_failed:
      write_instant("node failed", event, event.node);
      break;
    case ClusterEvent::Kind::node_repaired:
      write_instant("node repaired", event, event.node);
      break;
    default:
      break;
  }
}

void TraceExport::write_instant(std::string_view name, const ClusterEvent& event, NodeId node) {
  if (!take(kInstants, 1)) return;
  const std::string_view job =
      event.job.is_none() ? std::string_view() : workload_.jobs[event.job.index()].id;
  begin_event("i", job.empty() ? std::string(name) : fmt::format("{} {}", name, job),
              event.seconds);
  put("s", "p");
  put("pid", pid_of(node));
  put("tid", tid_of(node, 0));
  end_event();
}

void TraceExport::end_wait(JobId job, double seconds) {
  const double since = pending_since_[job.index()];
  pending_since_[job.index()] = -1;
  if (since < 0 || seconds <= since) return;
  if (take(kWaits, 2))
    write_async("wait", workload_.jobs[job.index()].id, kQueuePid, since, seconds);
}

void TraceExport::write_async(std::string_view category, std::string_view name, std::int64_t pid,
                              double start_seconds, double end_seconds) {
  const std::int64_t id = next_async_id_++;
  for (const bool begin : {true, false}) {
    begin_event(begin ? "b" : "e", name, begin ? start_seconds : end_seconds);
    put("cat", category);
    put("id", id);
    put("pid", pid);
    put("tid", pid);
    end_event();
  }
}

void TraceExport::on_span(const AllocationSpan& span) {
  for (const platform::NodeShare& share : span.placement) {
    if (share.milli < 1000) {
      if (take(kRuns, 2))
        write_async("share", workload_.jobs[span.job.index()].id, pid_of(share.node),
                    span.start_seconds, span.end_seconds);
      continue;
    }
    for (std::uint64_t slots = share.slots; slots != 0; slots &= slots - 1)
      if (take(kRuns, 1)) write_gpu_run(span, share, std::countr_zero(slots));
  }
}

void TraceExport::write_gpu_run(const AllocationSpan& span, const platform::NodeShare& share,
                                int slot) {
  const workloads::TrainingJob& job = workload_.jobs[span.job.index()];
  begin_event("X", job.id, span.start_seconds);
  buffer_ += ",\"dur\":";
  append_microseconds(buffer_,
                      Nanoseconds(span.end_seconds).since(Nanoseconds(span.start_seconds)));
  put("pid", pid_of(share.node));
  put("tid", tid_of(share.node, slot));
  buffer_ += ",\"args\":{\"gpus\":";
  buffer_ += std::to_string(job.gpus);
  put("ended_by", to_string(span.ended_by));
  if (!job.model.is_none()) put("model", workload_.names.text(job.model));
  buffer_ += '}';
  end_event();
}

void TraceExport::write_counter(std::string_view name, double seconds, std::string_view key,
                                double value) {
  if (!take(kCounters, 1)) return;
  begin_event("C", name, seconds);
  put("pid", kClusterPid);
  put("tid", kClusterPid);
  fmt::format_to(std::back_inserter(buffer_), ",\"args\":{{\"{}\":", key);
  base::append_shortest(buffer_, value);
  buffer_ += '}';
  end_event();
}

void TraceExport::on_state(double seconds, const UsageState& state) {
  if (state.used() != last_.used())
    write_counter("GPUs in use", seconds, "gpus", static_cast<double>(state.used()) / 1000);
  if (state.pending_jobs != last_.pending_jobs)
    write_counter("jobs waiting", seconds, "jobs", static_cast<double>(state.pending_jobs));
  last_ = state;
}

void TraceExport::close(double end_seconds) {
  for (std::size_t j = 0; j < pending_since_.size(); ++j)
    if (pending_since_[j] >= 0) end_wait(JobId(j), end_seconds);
  fmt::format_to(std::back_inserter(buffer_),
                 "\n],\n\"otherData\":{{\"unit\":\"simulated microseconds\","
                 "\"left_out_runs\":{},\"left_out_waits\":{},\"left_out_counters\":{},"
                 "\"left_out_instants\":{}",
                 budgets_[kRuns].left_out, budgets_[kWaits].left_out, budgets_[kCounters].left_out,
                 budgets_[kInstants].left_out);
  if (budgets_[kNames].left_out > 0)
    fmt::format_to(std::back_inserter(buffer_), ",\"left_out_names\":{}",
                   budgets_[kNames].left_out);
  buffer_ += "}}\n";
  file_.write(buffer_);
  buffer_.clear();
  file_.close();
}

}  // namespace orrery::training
