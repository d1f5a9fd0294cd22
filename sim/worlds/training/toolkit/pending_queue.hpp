// Jobs that wait, grouped by demand and walked in order of (key, submission).
//
// Jobs of equal demand fit or fail together while GPUs are only taken, so a pass drops a whole
// class at its first failure: its cost follows what is started, not how many jobs wait.
#pragma once

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

class PendingQueue {
 public:
  /// A job enters with the key it is ordered by.
  void insert(JobId job, DemandId demand, double key);
  /// A job leaves; `key` must be the one it entered with.
  void erase(JobId job, DemandId demand, double key);
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  class Walk;

 private:
  using Members = std::set<std::pair<double, JobId>>;
  struct Head {
    double key;
    JobId job;
    std::size_t demand;
    Members::iterator at;
  };

  std::vector<Members> classes_;       // by DemandId
  std::vector<std::size_t> occupied_;  // classes that are not empty, ascending
  std::vector<Head> heads_;            // memory of the walk in hand
  std::size_t size_ = 0;
};

/// One pass over a queue, which must not be changed but through the walk meanwhile.
class PendingQueue::Walk {
 public:
  explicit Walk(PendingQueue& queue);
  bool done() const { return heads_.empty(); }
  double key() const { return heads_.front().key; }
  JobId job() const { return heads_.front().job; }
  /// Goes on to the next job, leaving this one in the queue.
  void pass();
  /// Removes this job from the queue and goes on.
  void take();
  /// Leaves this job and all others of its demand, and goes on.
  void drop_class();

 private:
  static bool later(const Head& a, const Head& b);
  void replace_front(Members::iterator next);

  PendingQueue& queue_;
  std::vector<Head>& heads_;
};

}  // namespace orrery::training
