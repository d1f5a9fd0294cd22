// What a training cluster tells its observers. Records, traces, metrics and progress subscribe
// here; the world itself writes no file.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// Events come in order of time; at one instant in order of happening.
struct ClusterEvent {
  enum class Kind : std::uint8_t {
    held_back,    ///< its submit time came, and job `because_of` has still to end
    submitted,    ///< job became pending
    rejected,     ///< job can never fit and is left out (`on_oversized_job: reject`)
    dropped,      ///< pending, and given up by the policy: counts as rejected
    started,      ///< first start; `placement` is filled, slots chosen
    resumed,      ///< start after a preemption or failure; `restart_seconds` are to be paid
    preempted,    ///< `placement` is what it gave back
    changed,      ///< goes on elsewhere: `placement` new, `old_placement` what it gave back
    interrupted,  ///< by failure of `node`; `lost_work_seconds` since the last checkpoint
    failed,       ///< interrupted once more than its retries allow: given up
    finished,     ///< `placement` is what it gave back
    waits,        ///< a pending job's reason to wait changed
    shared,       ///< its share of the fabric changed: goes on at `speed`, `slowdown` times alone
    migrated,     ///< its state has arrived on a shared fabric: `restart_seconds` is known now
    node_failed,
    node_repaired,
    decided,      ///< a scheduling pass is over; nothing else follows from it
    round_ended,  ///< of a world that counts in rounds: `value` is its samples per second
  };
  Kind kind = Kind::submitted;
  double seconds = 0;
  JobId job = {};
  platform::NodeId node = {};
  Reason reason = Reason::none;
  JobId because_of = {};
  double value = 0;  ///< of a `waits` with a time: that time; of `round_ended`: its throughput
  /// Of resumed and changed: from the start until work advances, restart and migration together;
  /// infinity while state travels over a shared fabric, `migrated` tells it then.
  double restart_seconds = 0;
  double lost_work_seconds = 0;
  std::span<const platform::NodeShare> placement = {};
  std::span<const platform::NodeShare> old_placement = {};
  /// Of started, resumed, changed and shared: against running on what the job asks for.
  double speed = 1;
  double slowdown = 1;  ///< of shared: iteration time over that of having the fabric alone
  /// Of started, resumed and changed: what that speed rests on.
  models::ThroughputOrigin origin = models::ThroughputOrigin::none;
};

using ClusterObserver = std::function<void(const ClusterEvent&)>;

}  // namespace orrery::training
