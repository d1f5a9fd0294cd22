#include <algorithm>

#include "sim/worlds/training/policies/crius/passes.hpp"
#include "sim/worlds/training/policies/crius/swap_elimination.hpp"

namespace orrery::policies::crius {

namespace {

const Reason kSuspended = training::add_reason(
    {.name = "suspended",
     .done = "it ran before its turn, and {other}, which is before it, fits now",
     .unnamed = "a job"});

constexpr std::size_t kArtifactRestarts = 100;

}  // namespace

void Passes::departures(bool also_arrived) {
  const std::size_t pass = state_.slots.mark();
  if (state_.options.migration && !state_.as_the_artifact()) gather_spread_jobs(state_);
  restart_pending();
  // An upgrade to another type leaves GPUs behind that a pending job may be waiting for (ours).
  if (!also_arrived && upgrade_.run() && !state_.as_the_artifact()) restart_pending();
  eliminate_swaps(state_, pass);
}

void Passes::restart_pending() {
  std::size_t from = 0;
  for (std::size_t restarts = 0;; ++restarts) {
    if (state_.as_the_artifact() && restarts == kArtifactRestarts) return;
    const auto restarted = restart_one(from);
    if (!restarted) return;
    // What failed once fails again with fewer GPUs free, says the artifact. Not where jobs were
    // downgraded or gathered meanwhile: so here the walk begins anew.
    from = state_.as_the_artifact() ? *restarted : 0;
  }
}

/// Ours: jobs are alike when they also ask for the same and as many GPUs are free to them.
Passes::Signature Passes::signature(JobId job, Request request) const {
  const models::TaskId task = state_.view->task(job);
  if (state_.as_the_artifact()) return {task, 0, 0, 0};
  std::int32_t free = 0;
  for (std::size_t type = 0; type < state_.slots.types(); ++type)
    free += state_.slots.free_gpus(type);
  return {task, request.type, request.gpus, free};
}

std::vector<Passes::Loan> Passes::lend_behind(std::size_t position) {
  std::vector<Loan> loans;
  if (!state_.queue.is_blocker(position)) return loans;
  std::vector<JobId> behind;
  state_.queue.behind(position, behind);
  for (const JobId job : behind) {
    const auto held = state_.slots.pieces(job);
    loans.push_back({job, {held.begin(), held.end()}});
    state_.slots.lend_all(job);
  }
  return loans;
}

std::optional<std::size_t> Passes::restart_one(std::size_t from) {
  std::vector<Signature> failed;
  std::vector<std::size_t> blocked_types;
  for (std::size_t i = from; i < state_.queue.size(); ++i) {
    const JobId job = state_.queue[i].job;
    const auto request = state_.request(job);
    if (state_.queue[i].opportunistic || !request) continue;
    if (std::ranges::find(blocked_types, request->type) != blocked_types.end()) continue;
    const std::size_t mark = state_.slots.mark();
    const std::vector<Loan> loans = lend_behind(i);
    const Signature mine = signature(job, *request);
    const bool known = !mine.task.is_none() && std::ranges::find(failed, mine) != failed.end();
    const std::size_t lent = state_.slots.mark();
    if (!known && fit_.place(job, *request, kMigrationBudget).found) {
      state_.note_changes(lent, job, Reason::queue_order);
      settle_restart(i, mark, loans);
      return i;
    }
    state_.slots.rollback(mark);
    if (set_aside(job, *request)) {
      state_.actions.waits.push_back({job, Reason::nodes_down, {}, 0});
      continue;
    }
    state_.wait(job);
    if (known) continue;
    failed.push_back(mine);
    if (!state_.options.opportunistic) blocked_types.push_back(request->type);
  }
  return std::nullopt;
}

bool Passes::set_aside(JobId job, Request request) {
  if (!state_.outages.any()) return false;
  const State::Ask ask{state_.view->task(job).index(), state_.view->demand_of[job.index()].index(),
                       request.type, request.gpus};
  const auto [known, fresh] = state_.set_aside.try_emplace(ask, false);
  if (!fresh) return known->second;
  SlotMap& slots = state_.slots;
  const std::size_t mark = slots.mark();
  for (const JobId other : state_.running) slots.release_all(other);
  known->second = !fit_.place(job, request, kMigrationBudget).found;
  slots.rollback(mark);
  return known->second;
}

void Passes::settle_restart(std::size_t position, std::size_t mark, std::span<const Loan> loans) {
  const JobId job = state_.queue[position].job;
  SlotMap& slots = state_.slots;
  state_.running.push_back(job);
  state_.re_asked[job.index()].reset();
  for (const Loan& loan : loans) {
    const bool untouched = std::ranges::all_of(loan.pieces, [&](const Piece& piece) {
      return slots.still_lent(piece.node, piece.slots, loan.job) == piece.slots;
    });
    for (const Piece& piece : loan.pieces) {
      const std::uint64_t left = slots.still_lent(piece.node, piece.slots, loan.job);
      if (untouched)
        slots.return_lent(piece.node, left, loan.job);
      else
        slots.forget_lent(piece.node, left, loan.job);
    }
    if (!untouched) suspend(loan.job, loan.pieces, job);
  }
  if (state_.as_the_artifact()) suspend_resized(mark, job);
  state_.queue.remove(job);
  state_.queue.drop_leading_opportunistic();
}

/// Read in the artifact: an opportunistic job whose number of GPUs has changed is suspended, too.
void Passes::suspend_resized(std::size_t mark, JobId because_of) {
  std::vector<Piece> held;
  for (std::size_t i = 0; i < state_.queue.size(); ++i) {
    const JobId job = state_.queue[i].job;
    if (!state_.queue[i].opportunistic) continue;
    state_.slots.pieces_at(mark, job, held);
    std::int32_t before = 0;
    for (const Piece& piece : held) before += std::popcount(piece.slots);
    if (before == state_.slots.gpus_of(job)) continue;
    state_.slots.release_all(job);
    suspend(job, held, because_of);
  }
}

void Passes::suspend(JobId job, std::span<const Piece> held, JobId because_of) {
  std::erase(state_.running, job);
  state_.queue.mark_pending(job);
  state_.suspended[job.index()] = 1;
  state_.cause[job.index()] = {kSuspended, because_of};
  if (!state_.as_the_artifact()) return;
  // Read: it asks for what it had from now on.
  std::int32_t gpus = 0;
  for (const Piece& piece : held) gpus += std::popcount(piece.slots);
  state_.re_asked[job.index()] = Request{state_.slots.type_of_node(held.front().node), gpus};
}

}  // namespace orrery::policies::crius
