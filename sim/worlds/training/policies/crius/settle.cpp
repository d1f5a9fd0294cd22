#include "sim/worlds/training/policies/crius/settle.hpp"

#include <algorithm>

namespace orrery::policies::crius {

namespace {

using platform::NodeShare;
using platform::Placement;
using training::Action;

std::uint64_t slots_before(const View& view, JobId job, std::uint32_t node) {
  for (const NodeShare& share : view.placements[job.index()])
    if (share.node.index() == node) return share.slots;
  return 0;
}

class Settling {
 public:
  explicit Settling(State& state) : state_(state), view_(*state.view) {}

  void run() {
    std::vector<std::uint8_t> ran(view_.jobs.size(), 0);
    for (const JobId job : view_.running) ran[job.index()] = 1;
    for (const JobId job : view_.running) {
      if (!stops(job)) continue;
      add(Action::Kind::preempt, job, {});
      ran[job.index()] = 0;
    }
    for (const JobId job : view_.running) {
      if (ran[job.index()] == 0) continue;
      Placement placement = placement_of(job);
      if (!same(placement, view_.placements[job.index()]))
        add(Action::Kind::change, job, std::move(placement));
    }
    for (const JobId job : state_.running)
      if (ran[job.index()] == 0) add(Action::Kind::start, job, placement_of(job));
  }

 private:
  void add(Action::Kind kind, JobId job, Placement placement) {
    const State::Cause& cause = state_.cause[job.index()];
    state_.actions.actions.push_back(
        {kind, job, std::move(placement), cause.reason, cause.because_of});
  }

  /// Also a job that was suspended and restarted in one decision stops where the artifact's rules
  /// count: its place among the running jobs is then the last.
  bool stops(JobId job) const {
    return !state_.slots.runs(job) || (state_.as_the_artifact() && state_.suspended[job.index()]);
  }

  static bool same(const Placement& now, const Placement& before) {
    if (now.size() != before.size()) return false;
    return std::ranges::all_of(now, [&](const NodeShare& share) {
      return std::ranges::any_of(before, [&](const NodeShare& other) {
        return other.node == share.node && other.slots == share.slots;
      });
    });
  }

  Placement placement_of(JobId job) {
    Placement placement;
    for (const Piece& piece : state_.slots.pieces(job)) {
      NodeShare share{platform::NodeId(piece.node), std::popcount(piece.slots),
                      view_.demand(job).milli, piece.slots};
      if (!state_.as_the_artifact()) share.slots = kept_slots(job, piece);
      placement.push_back(share);
    }
    return placement;
  }

  /// True when the job keeps the slots it has on the node: as many as before.
  bool keeps(JobId job, const Piece& piece) const {
    return std::popcount(slots_before(view_, job, piece.node)) == std::popcount(piece.slots);
  }

  /// The job's own slots where it keeps them, else its part of what nobody keeps, in slot order.
  std::uint64_t kept_slots(JobId job, const Piece& piece) const {
    if (keeps(job, piece)) return slots_before(view_, job, piece.node);
    std::uint64_t open = state_.slots.used_slots(piece.node) | state_.slots.free_slots(piece.node);
    std::int32_t ahead = 0;
    std::uint64_t used = state_.slots.used_slots(piece.node);
    bool passed = false;
    while (used != 0) {
      const JobId other = state_.slots.owner(piece.node, std::countr_zero(used)).id();
      const Piece theirs{piece.node, state_.slots.slots_on(other, piece.node)};
      used &= ~theirs.slots;
      if (other == job)
        passed = true;
      else if (keeps(other, theirs))
        open &= ~slots_before(view_, other, piece.node);
      else if (!passed)
        ahead += std::popcount(theirs.slots);
    }
    for (; ahead > 0; --ahead) open &= open - 1;
    std::uint64_t mine = 0;
    for (int count = std::popcount(piece.slots); count > 0; --count) {
      mine |= open & (~open + 1);
      open &= open - 1;
    }
    return mine;
  }

  State& state_;
  const View& view_;
};

}  // namespace

void settle(State& state) {
  Settling(state).run();
}

}  // namespace orrery::policies::crius
