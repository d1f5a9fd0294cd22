#include "sim/engine/engine.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "sim/engine/kernel.hpp"

namespace orrery::engine {

Engine::Engine(Resources resources, RouteFunction links_between)
    : resources_(std::move(resources)), links_between_(std::move(links_between)) {}

Engine::~Engine() = default;

EventHandle Engine::at(double seconds, Priority priority, Callback callback) {
  assert(seconds >= now_seconds_ && std::isfinite(seconds));
  return queue_.push(seconds, priority, std::move(callback));
}

StopReason Engine::run(std::optional<double> horizon_seconds) {
  while (!queue_.empty()) {
    if (std::exchange(stop_requested_, false)) return StopReason::stopped;
    if (horizon_seconds && queue_.next_seconds() > *horizon_seconds) {
      now_seconds_ = std::max(now_seconds_, *horizon_seconds);
      return StopReason::horizon;
    }
    run_one();
  }
  return std::exchange(stop_requested_, false) ? StopReason::stopped : StopReason::exhausted;
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
