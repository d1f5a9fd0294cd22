#include "sim/engine/engine.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/quantity.hpp"
#include "sim/engine/simgrid_backend.hpp"

namespace orrery::engine {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kMostBytes = 1e16;  // so that SimGrid's count of parts of a byte fits

[[noreturn]] void refuse_date(double now_seconds) {
  throw base::Error({},
                    "after second " + base::format_shortest(now_seconds) +
                        " nothing happens before second 1e12, where simulated time ends; expected "
                        "shorter jobs and times, or an earlier end ('stop: {seconds: N}')",
                    base::Fault::run_failed);
}

}  // namespace

Engine::Engine(Resources resources, RouteFunction links_between)
    : resources_(std::move(resources)), links_between_(std::move(links_between)) {}

Engine::~Engine() = default;

EventHandle Engine::at(double seconds, Priority priority, Callback callback) {
  assert(seconds >= now_seconds_ && std::isfinite(seconds));
  return queue_.push(seconds, priority, std::move(callback));
}

ActivityId Engine::add_activity(Callback done) {
  const std::uint32_t key = next_activity_++;
  activities_.emplace(key, Activity{std::move(done), {}});
  return ActivityId(key);
}

ActivityId Engine::start_transfer(HostId from, HostId to, double bytes, Callback done) {
  assert(bytes >= 0 && bytes <= kMostBytes && links_between_);
  std::vector<LinkId> links = links_between_(from, to);
  double latency = 0;
  for (const LinkId link : links) latency += resources_.links[link.index()].latency_seconds;
  const ActivityId id = add_activity(std::move(done));
  const auto key = static_cast<std::uint32_t>(id.index());
  if (links.empty() || bytes == 0) {
    finish_at(now_seconds_ + latency, key);
    return id;
  }
  auto start = [this, key, bytes, links = std::move(links)] {
    backend().start_transfer(key, links, bytes, now_seconds_);
  };
  if (latency == 0) {
    start();
  } else {
    activities_.at(key).event = at(now_seconds_ + latency, Priority::departure, std::move(start));
  }
  return id;
}

ActivityId Engine::start_compute(HostId host, double flops, Callback done) {
  assert(flops >= 0 && std::isfinite(flops));
  const ActivityId id = add_activity(std::move(done));
  const auto key = static_cast<std::uint32_t>(id.index());
  if (flops == 0) {
    finish_at(now_seconds_, key);
  } else {
    backend().start_compute(key, host, flops, now_seconds_);
  }
  return id;
}

void Engine::cancel(ActivityId activity) {
  const auto found = activities_.find(static_cast<std::uint32_t>(activity.index()));
  if (found == activities_.end()) return;
  const Activity dropped = std::move(found->second);
  activities_.erase(found);
  if (!queue_.cancel(dropped.event)) {
    backend_->cancel(static_cast<std::uint32_t>(activity.index()), now_seconds_);
  }
}

FlowId Engine::start_flow(const std::vector<LinkId>& links) {
  assert(!links.empty());
  const std::uint32_t key = next_flow_++;
  backend().start_flow(key, links, now_seconds_);
  flows_.insert(key);
  return FlowId(key);
}

void Engine::stop_flow(FlowId flow) {
  const auto key = static_cast<std::uint32_t>(flow.index());
  if (flows_.erase(key) > 0) backend_->stop_flow(key, now_seconds_);
}

double Engine::flow_rate(FlowId flow) {
  const auto key = static_cast<std::uint32_t>(flow.index());
  assert(flows_.contains(key));
  return backend_->flow_rate(key);
}

std::size_t Engine::activities_alive() const {
  return activities_.size();
}

SimgridBackend& Engine::backend() {
  if (!backend_) backend_ = std::make_unique<SimgridBackend>(resources_);
  return *backend_;
}

void Engine::finish_at(double seconds, std::uint32_t key) {
  activities_.at(key).event = at(seconds, Priority::departure, [this, key] { finish(key); });
}

void Engine::finish(std::uint32_t key) {
  const auto found = activities_.find(key);
  const Callback done = std::move(found->second.done);
  activities_.erase(found);
  if (done) done();
}

// Completions become events of our queue, so that they take their place among the other events of
// the instant, and callbacks never run (or throw) inside SimGrid. SimGrid's date may round to
// just before now.
void Engine::schedule_completed() {
  for (const std::uint32_t key : backend_->take_completed()) {
    if (activities_.contains(key)) finish_at(now_seconds_, key);
  }
}

// The date of SimGrid's next event. SimGrid's clock lags behind ours by as many events as we
// like, as long as none of them changes what runs in it and we never pass this date.
double Engine::backend_seconds() {
  if (!backend_) return kNever;
  if (backend_->has_completed()) return now_seconds_;
  return backend_->running() > 0 ? backend_->next_seconds() : kNever;
}

StopReason Engine::run(std::optional<double> horizon_seconds) {
  const double horizon = horizon_seconds.value_or(kNever);
  for (;;) {
    if (std::exchange(stop_requested_, false)) return StopReason::stopped;
    const double in_backend = backend_seconds();
    const double in_queue = queue_.empty() ? kNever : queue_.next_seconds();
    const double next = std::min(in_backend, in_queue);
    if (next == kNever) break;
    if (next > horizon) {
      now_seconds_ = std::max(now_seconds_, horizon);
      return StopReason::horizon;
    }
    if (next > base::kLatestSecond) refuse_date(now_seconds_);
    if (in_backend <= in_queue) {
      run_backend(in_backend);
    } else {
      run_one();
    }
  }
  if (!activities_.empty()) {
    throw base::Error({},
                      std::to_string(activities_.size()) +
                          " transfers or computations can never end: expected every host and link "
                          "to have a positive rate",
                      base::Fault::run_failed);
  }
  return StopReason::exhausted;
}

void Engine::run_backend(double seconds) {
  if (!backend_->has_completed()) backend_->advance_to(seconds);
  if (!backend_->has_completed()) return;
  now_seconds_ = std::max(now_seconds_, seconds);
  schedule_completed();
}

void Engine::run_one() {
  const double seconds = queue_.next_seconds();
  assert(seconds >= now_seconds_);
  now_seconds_ = seconds;
  ++events_run_;
  const Callback callback = queue_.pop();
  callback();
  if (progress_every_ != 0 && events_run_ >= progress_next_) {
    progress_next_ = events_run_ + progress_every_;
    progress_({now_seconds_, events_run_});
  }
}

void Engine::observe_progress(std::uint64_t every_events,
                              std::function<void(const Progress&)> observer) {
  progress_every_ = observer ? every_events : 0;
  progress_next_ = events_run_ + every_events;
  progress_ = std::move(observer);
}

}  // namespace orrery::engine
