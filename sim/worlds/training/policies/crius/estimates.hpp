// What a job is worth where: the throughput of its best plan on an allocation (a Cell estimate),
// remembered in flat arrays, and whether the allocation meets its deadline.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "sim/worlds/training/policies/crius/slot_map.hpp"

namespace orrery::policies::crius {

/// What a job is tried on: a GPU type and a count.
struct Request {
  std::size_t type = 0;
  std::int32_t gpus = 1;
  bool operator==(const Request&) const = default;
};

class Estimates {
 public:
  /// To be called at every decision. With `deadline_aware` an allocation on which a job cannot meet
  /// its deadline counts as one that it cannot run on.
  void begin(const View& view, bool deadline_aware);

  /// A job that names a model known to the throughputs and asks for a power of two of GPUs. Others
  /// keep what they ask for.
  bool adapts(JobId job) const {
    return !view_->task(job).is_none() &&
           std::has_single_bit(static_cast<std::uint32_t>(view_->demand(job).gpus));
  }
  /// Samples per second; 0 where the job cannot run. For jobs given as plain durations: GPUs.
  double of(JobId job, std::size_t type, Locality locality) const;
  double of(JobId job, const SlotMap& slots) const {
    return of(job, slots.type_of(job), slots.locality(job));
  }
  double best(JobId job, Request request) const {
    return of(job, request.type, best_locality(request));
  }
  Locality best_locality(Request request) const {
    return models::best_locality(request.gpus, capacity_[request.type]);
  }
  /// An upper bound of `of` over all localities that a placement of the request may have.
  double at_most(JobId job, Request request) const;
  /// Whether the job may be given GPUs of the type.
  bool allowed(JobId job, std::size_t type) const;
  /// Whether the deadline can still be met on the allocation.
  bool meets_deadline(JobId job, std::size_t type, Locality locality) const;

 private:
  static constexpr std::size_t kExponents = 8;
  double remembered(JobId job, std::size_t type, Locality locality) const;

  const View* view_ = nullptr;
  bool deadline_aware_ = false;
  std::vector<std::int32_t> capacity_;  // by type, as throughputs count it
  mutable std::vector<double> known_;   // by task, type, log2(nodes), log2(GPUs per node); < 0: not
  mutable std::vector<double> bound_;   // by task, type, log2(GPUs); < 0: not yet
};

}  // namespace orrery::policies::crius
