#include "sim/worlds/training/policies/crius/upgrade.hpp"

namespace orrery::policies::crius {

namespace {

constexpr int kSteps = 10;

}  // namespace

void UpgradeTrial::list_moves() {
  const SlotMap& slots = state_.slots;
  const Estimates& estimates = state_.estimates;
  moves_.clear();
  for (const JobId job : state_.running) {
    if (!estimates.adapts(job)) continue;
    const std::int32_t gpus = slots.gpus_of(job);
    const std::size_t own = slots.type_of(job);
    const double now = estimates.of(job, slots);
    const auto consider = [&](Request request) {
      const double at_most = estimates.at_most(job, request) - now;
      if (at_most > 0) moves_.push_back({job, request.type, request.gpus, now, at_most});
    };
    for (std::size_t type = 0; state_.options.type_change && type < slots.types(); ++type)
      if (type != own && slots.free_gpus(type) >= gpus && estimates.allowed(job, type))
        consider({type, gpus});
    const bool may_grow = state_.options.scaling && gpus < state_.options.largest_gpus;
    if (may_grow && slots.free_gpus(own) >= gpus) consider({own, gpus * 2});
  }
}

Trial UpgradeTrial::place(const Move& move, std::int32_t budget) {
  state_.slots.release_all(move.job);
  return state_.trial.place(move.job, {move.type, move.gpus}, budget);
}

bool UpgradeTrial::run() {
  if (state_.view->throughput == nullptr) return false;
  SlotMap& slots = state_.slots;
  std::int32_t budget = kMigrationBudget;
  for (int step = 0; step < kSteps; ++step) {
    list_moves();
    const auto found = best_of(moves_, tried_, 0, [&](const Move& move) {
      const std::size_t mark = slots.mark();
      const Trial trial = place(move, budget);
      slots.rollback(mark);
      return trial.feasible ? std::optional(trial.throughput - move.known) : std::nullopt;
    });
    if (!found) return step > 0;
    const Move& move = moves_[found->first];
    const std::size_t mark = slots.mark();
    budget = place(move, budget).budget_left;
    state_.note_changes(mark, move.job, Reason::upgraded);
  }
  return true;
}

void gather_spread_jobs(State& state) {
  SlotMap& slots = state.slots;
  const Estimates& estimates = state.estimates;
  std::int32_t budget = kMigrationBudget;
  const auto place = [&](JobId job) {
    const Request request{slots.type_of(job), slots.gpus_of(job)};
    slots.release_all(job);
    return state.trial.place(job, request, budget);
  };
  while (true) {
    JobId chosen;
    double best = 0;
    for (const JobId job : state.running) {
      if (!estimates.adapts(job)) continue;
      const Request request{slots.type_of(job), slots.gpus_of(job)};
      if (slots.locality(job) == estimates.best_locality(request)) continue;
      const double now = estimates.of(job, slots);
      if (!(estimates.at_most(job, request) - now > best)) continue;
      const std::size_t mark = slots.mark();
      const Trial trial = place(job);
      slots.rollback(mark);
      if (!trial.feasible || !(trial.throughput - now > best)) continue;
      best = trial.throughput - now;
      chosen = job;
    }
    if (chosen.is_none()) return;
    const std::size_t mark = slots.mark();
    budget = place(chosen).budget_left;
    state.note_changes(mark, chosen, Reason::upgraded);
  }
}

}  // namespace orrery::policies::crius
