#include "sim/worlds/training/records/usage_meter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace orrery::training {

using platform::NodeShare;

std::int64_t UsageState::used() const {
  return std::accumulate(used_milli.begin(), used_milli.end(), std::int64_t{0});
}

std::int64_t UsageState::available() const {
  return std::accumulate(available_milli.begin(), available_milli.end(), std::int64_t{0});
}

UsageMeter::UsageMeter(const platform::Inventory& inventory,
                       const workloads::TrainingWorkload& workload)
    : inventory_(inventory), workload_(workload), runs_(workload.jobs.size()) {
  state_.used_milli.resize(inventory.types.size());
  state_.available_milli.resize(inventory.types.size());
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n) node_available(platform::NodeId(n), 1);
  has_samples_ = std::any_of(workload.jobs.begin(), workload.jobs.end(),
                             [](const auto& job) { return job.samples_per_second() > 0; });
}

void UsageMeter::node_available(platform::NodeId node, std::int64_t sign) {
  const platform::NodeInfo& info = inventory_.nodes[node.index()];
  if (info.gpus > 0) state_.available_milli[info.type.index()] += sign * info.gpus * 1000;
}

void UsageMeter::on_event(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  if (event.kind == Kind::waits || event.kind == Kind::decided || event.kind == Kind::rejected ||
      event.kind == Kind::held_back || event.kind == Kind::round_ended)
    return;
  advance_to(event.seconds);
  // The window of utilization is that of jobs, not of replicas of services beside them.
  const bool of_a_job = !event.job.is_none() && !workload_.jobs[event.job.index()].endless;
  if (of_a_job && !opened_) open_window(event);
  changed_ = true;
  apply(event);
  if (of_a_job && (event.kind == Kind::finished || event.kind == Kind::failed))
    window_ = integrals_;
}

void UsageMeter::open_window(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  if (event.kind == Kind::submitted) openings_.push_back({event.job, integrals_});
  if (event.kind == Kind::dropped)
    std::erase_if(openings_, [&](const Opening& opening) { return opening.job == event.job; });
  begin_ = openings_.empty() ? integrals_ : openings_.front().before;
  if (openings_.empty()) return;
  const Opening& first = openings_.front();
  opened_ = runs_[first.job.index()].serial > 0 ||
            (event.kind == Kind::started && event.job == first.job);
  if (opened_) openings_ = {};
}

void UsageMeter::apply(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  switch (event.kind) {
    case Kind::submitted:
      state_.pending_jobs += counted(event);
      break;
    case Kind::started:
    case Kind::resumed:
      state_.pending_jobs -= counted(event);
      begin_run(event);
      break;
    case Kind::changed:
      end_run(event, event.old_placement);
      begin_run(event);
      break;
    case Kind::dropped:
      state_.pending_jobs -= counted(event);
      break;
    case Kind::preempted:
    case Kind::interrupted:
      end_run(event, event.placement);
      state_.pending_jobs += counted(event);
      break;
    case Kind::finished:
    case Kind::failed:
      end_run(event, event.placement);
      break;
    case Kind::node_failed:
      node_available(event.node, -1);
      break;
    case Kind::node_repaired:
      node_available(event.node, 1);
      break;
    case Kind::migrated: {
      Run& run = runs_[event.job.index()];
      run.restart_seconds = event.restart_seconds;
      await_restart_end(run, event.job);
      break;
    }
    case Kind::shared:
      change_rate(event);
      break;
    case Kind::held_back:
    case Kind::rejected:
    case Kind::waits:
    case Kind::decided:
    case Kind::round_ended:
      break;
  }
}

void UsageMeter::begin_run(const ClusterEvent& event) {
  Run& run = runs_[event.job.index()];
  run.since_seconds = event.seconds;
  run.restart_seconds = event.restart_seconds;
  run.rate = workload_.jobs[event.job.index()].samples_per_second() * event.speed;
  run.milli = 0;
  for (const NodeShare& share : event.placement)
    run.milli += std::int64_t{share.gpus} * share.milli;
  ++run.serial;
  state_.running_jobs += counted(event);
  hold(event.placement, 1);
  await_restart_end(run, event.job);
}

void UsageMeter::change_rate(const ClusterEvent& event) {
  Run& run = runs_[event.job.index()];
  const double rate = workload_.jobs[event.job.index()].samples_per_second() * event.speed;
  if (run.advancing) state_.samples_per_second += rate - run.rate;
  run.rate = rate;
}

void UsageMeter::await_restart_end(Run& run, workloads::JobId job) {
  if (run.rate <= 0 || std::isinf(run.restart_seconds)) return;
  if (run.restart_seconds > 0)
    restart_ends_.push({run.since_seconds + run.restart_seconds,
                        static_cast<std::uint32_t>(job.index()), run.serial});
  else
    set_advancing(run, true);
}

void UsageMeter::end_run(const ClusterEvent& event, std::span<const NodeShare> given_back) {
  Run& run = runs_[event.job.index()];
  const double restarting = std::min(run.restart_seconds, event.seconds - run.since_seconds);
  restart_milli_seconds_ += restarting * static_cast<double>(run.milli);
  ++run.serial;
  state_.running_jobs -= counted(event);
  hold(given_back, -1);
  if (run.advancing) set_advancing(run, false);
  run.restart_seconds = 0;
  run.milli = 0;
}

void UsageMeter::hold(std::span<const NodeShare> placement, std::int64_t sign) {
  for (const NodeShare& share : placement) {
    const auto type = inventory_.nodes[share.node.index()].type;
    state_.used_milli[type.index()] += sign * share.gpus * share.milli;
  }
}

void UsageMeter::set_advancing(Run& run, bool advancing) {
  run.advancing = advancing;
  advancing_runs_ += advancing ? 1 : -1;
  state_.samples_per_second += advancing ? run.rate : -run.rate;
  // Sums and differences of doubles leave a residue; nothing runs, nothing is left.
  if (advancing_runs_ == 0) state_.samples_per_second = 0;
}

void UsageMeter::advance_to(double seconds) {
  while (!restart_ends_.empty() && restart_ends_.top().seconds <= seconds) {
    const RestartEnd end = restart_ends_.top();
    restart_ends_.pop();
    Run& run = runs_[end.job];
    if (run.serial != end.serial) continue;
    move_clock(end.seconds);
    set_advancing(run, true);
    changed_ = true;
  }
  move_clock(seconds);
}

void UsageMeter::move_clock(double seconds) {
  const double passed = seconds - now_seconds_;
  if (passed <= 0) return;
  if (changed_) {
    for (const Listener& listener : listeners_) listener(now_seconds_, state_);
    changed_ = false;
  }
  if (opened_ || !openings_.empty()) {
    integrals_.seconds += passed;
    integrals_.used_milli_seconds += passed * static_cast<double>(state_.used());
    integrals_.available_milli_seconds += passed * static_cast<double>(state_.available());
    integrals_.samples += passed * state_.samples_per_second;
    peak_samples_ = std::max(peak_samples_, state_.samples_per_second);
  }
  now_seconds_ = seconds;
}

void UsageMeter::finish(double end_seconds, bool horizon_cut) {
  advance_to(std::max(end_seconds, now_seconds_));
  if (horizon_cut) window_ = integrals_;
  for (const Run& run : runs_) {
    if (run.milli == 0) continue;
    restart_milli_seconds_ += std::min(run.restart_seconds, now_seconds_ - run.since_seconds) *
                              static_cast<double>(run.milli);
  }
  if (changed_)
    for (const Listener& listener : listeners_) listener(now_seconds_, state_);
  changed_ = false;
}

std::optional<double> UsageMeter::utilization() const {
  const Integrals window = window_ - begin_;
  if (window.available_milli_seconds <= 0) return std::nullopt;
  return window.used_milli_seconds / window.available_milli_seconds;
}

std::optional<double> UsageMeter::mean_samples_per_second() const {
  const Integrals window = window_ - begin_;
  if (!has_samples_ || window.seconds <= 0) return std::nullopt;
  return window.samples / window.seconds;
}

}  // namespace orrery::training
