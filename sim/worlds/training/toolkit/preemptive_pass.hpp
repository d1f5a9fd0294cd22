// One scheduling pass that re-picks among all active jobs: who ranks high runs, who does not stops.
//
// Picking counts GPUs: walking the jobs in rank order with all GPUs that are up as quota, a job
// whose GPUs fit into what is left is picked; else the walk stops (blocking), goes on (skipping),
// or goes on with nothing left of the GPU types it may use (blocking_per_type). Running jobs that
// are picked again stay where they are, the others are preempted, and then the pending picks are
// placed in rank order on what is free. A pick whose placement fails (fragments) stays pending:
// under blocking no later pick is placed at this pass either. This is the reading of "re-picks"
// that the Helios simulator's SRTF has too. A pending job that fits on no nodes but those that are
// down is never picked and ends no walk (ours; toolkit/outages.hpp).
//
// Several GPU types (ours): a running job counts on its own type, else on the first other that it
// may use, to which it moves: it is preempted and started anew. A pending job counts on the first
// type that has enough left, and is placed there, or where it does not fit (fragments) on another,
// but for those that were closed to it when it was picked.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/worlds/training/toolkit/draft.hpp"
#include "sim/worlds/training/toolkit/pending_queue.hpp"
#include "sim/worlds/training/toolkit/queue_pass.hpp"

namespace orrery::training {

/// A running job and the key it is ranked by at this instant (smaller first, then by submission).
struct RankedJob {
  double key = 0;
  JobId job;
  bool operator<(const RankedJob& other) const {
    return key != other.key ? key < other.key : job < other.job;
  }
};

/// The pass and its memory, kept by a policy between calls.
class PreemptivePass {
 public:
  explicit PreemptivePass(const QueueOptions& options, Reason preempted_because)
      : options_(options), preempted_because_(preempted_because) {}

  /// Ranks the running jobs by `key_of(job)`. They keep their order from the last pass, which is
  /// nearly right, so ranking costs little more than looking at each.
  template <class KeyOf>
  void rank_running(const View& view, KeyOf key_of) {
    std::erase_if(running_, [&](const RankedJob& ranked) {
      return view.at(ranked.job).state != JobState::running;
    });
    for (RankedJob& ranked : running_) ranked.key = key_of(ranked.job);
    insertion_sort(running_);
  }

  /// Picks, preempts and places. Started jobs leave `pending`; the caller enters the preempted
  /// ones that were not started again, `victims()`, with the key they have from now on.
  void run(const View& view, const Delta& delta, PendingQueue& pending, Actions& actions);
  const std::vector<RankedJob>& victims() const { return victims_; }

 private:
  static void insertion_sort(std::vector<RankedJob>& jobs);
  void pick(const View& view, PendingQueue& pending, Actions& actions);
  struct Pick {
    RankedJob ranked;
    platform::TypeId type;   // on which it counted
    std::size_t closed = 0;  // how many of `blocked_` were closed to it
    bool moves = false;      // it runs, on a type that has no room for it
  };

  bool take_quota(platform::TypeId type, const Demand& demand);
  /// The first type of a demand that has enough left, which it takes; none where there is none.
  platform::TypeId take_quota(const Demand& demand);
  /// The types on which a pick may be placed, first the one on which it counted; of a job that
  /// moves that one alone.
  Demand open_to(const View& view, const Pick& pick, std::size_t first_unplaced) const;
  void preempt_victims(const View& view, Actions& actions);
  void place_picks(const View& view, PendingQueue& pending, Actions& actions);
  void note_waits(const View& view, const Delta& delta, Actions& actions);

  QueueOptions options_;
  QueueRule rule_ = QueueRule::blocking;  // of this pass
  Reason preempted_because_;
  Draft draft_;
  Outages outages_;
  std::vector<RankedJob> running_;
  std::vector<RankedJob> kept_;
  std::vector<Pick> picks_;  // pending jobs picked at this pass
  // On which jobs that were not picked wait, then those on which picks found no place.
  std::vector<BlockedType> blocked_;
  JobId blocker_;  // at which a blocking queue ended; all that wait stand behind it
  std::vector<RankedJob> victims_;
  std::vector<std::int64_t> quota_milli_;  // by type
};

}  // namespace orrery::training
