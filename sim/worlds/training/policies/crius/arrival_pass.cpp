#include <cmath>

#include "sim/worlds/training/policies/crius/passes.hpp"
#include "sim/worlds/training/policies/crius/swap_elimination.hpp"

namespace orrery::policies::crius {

namespace {

const Reason kOpportunistic = training::add_reason(
    {.name = "opportunistic",
     .done = "it fitted while {other} before it did not; it gives way when that one fits",
     .unnamed = "a job"});

}  // namespace

/// The first pending job before a position of the queue that asks for a type; none where no such.
JobId Passes::pending_of_type(std::size_t type, std::size_t before) {
  for (std::size_t i = 0; i < before; ++i) {
    if (state_.queue[i].opportunistic) continue;
    const auto request = state_.request(state_.queue[i].job);
    if (request && request->type == type && !set_aside(state_.queue[i].job, *request))
      return state_.queue[i].job;
  }
  return {};
}

void Passes::arrivals(std::span<const JobId> arrived) {
  const std::size_t pass = state_.slots.mark();
  std::int32_t budget = kMigrationBudget;
  for (const JobId job : arrived) {
    const auto request = state_.request(job);
    if (!request) {
      const bool has_deadline = state_.options.deadline_aware &&
                                std::isfinite(state_.view->jobs[job.index()].deadline_seconds);
      state_.drop(job, has_deadline ? Reason::deadline_missed : Reason::cannot_run);
      continue;
    }
    const std::size_t position = state_.queue.size();
    state_.queue.push_pending(job);
    const JobId before =
        state_.options.opportunistic ? JobId{} : pending_of_type(request->type, position);
    const std::size_t mark = state_.slots.mark();
    const FitCandidate found = fit_.place(job, *request, budget);
    if (!found.found || !before.is_none()) {
      state_.slots.rollback(mark);
      if (set_aside(job, *request))
        state_.actions.waits.push_back({job, Reason::nodes_down, {}, 0});
      else
        state_.wait(job, before);
      continue;
    }
    budget = found.budget_left;
    state_.running.push_back(job);
    if (position == 0) {
      state_.queue.remove(job);
      state_.note_changes(mark, job, Reason::queue_order);
    } else {
      const JobId blocker = state_.queue[state_.queue.first_pending()].job;
      state_.queue.mark_opportunistic(position);
      state_.note_changes(mark, job, kOpportunistic, blocker);
    }
  }
  upgrade_.run();
  eliminate_swaps(state_, pass);
}

}  // namespace orrery::policies::crius
