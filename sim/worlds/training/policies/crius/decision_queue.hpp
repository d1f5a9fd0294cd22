// Jobs that wait and jobs that were let past them, in the order of their arrival.
//
// Read (docs/systems/crius.md, "Decision queue"): a job that fits behind a pending one runs
// opportunistically; the pending ones before it are then blockers, and count its GPUs as free when
// they are tried again. A pending job with no opportunistic one behind it is a plain one.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/worlds/training/policy.hpp"

namespace orrery::policies::crius {

using training::JobId;

class DecisionQueue {
 public:
  struct Entry {
    JobId job;
    bool opportunistic = false;  ///< running
  };

  std::size_t size() const { return entries_.size(); }
  const Entry& operator[](std::size_t i) const { return entries_[i]; }

  void push_pending(JobId job) { entries_.push_back({job, false}); }
  /// Jobs that a failure threw out stood before those who wait.
  void push_front_pending(JobId job) { entries_.insert(entries_.begin(), {job, false}); }
  void mark_opportunistic(std::size_t i) { entries_[i].opportunistic = true; }
  void mark_pending(JobId job);
  void remove(JobId job);
  bool contains(JobId job) const { return find(job) < size(); }
  /// The position of a job; `size()` where it is not in the queue.
  std::size_t find(JobId job) const;
  /// The pending entry at `i` has an opportunistic one behind it.
  bool is_blocker(std::size_t i) const;
  /// Opportunistic jobs behind the blocker at `i`, up to the first plain pending job.
  void behind(std::size_t i, std::vector<JobId>& jobs) const;
  /// The first pending entry.
  std::size_t first_pending() const;
  /// Opportunistic jobs at the head are behind nobody any more; how many they were.
  std::size_t drop_leading_opportunistic();

 private:
  std::vector<Entry> entries_;
};

}  // namespace orrery::policies::crius
