#include "sim/worlds/training/policies/crius/fit.hpp"

namespace orrery::policies::crius {

Trial Fit::try_types(JobId job, Request& request, std::int32_t migration_budget) {
  SlotMap& slots = state_.slots;
  if (state_.view->task(job).is_none()) {
    // A plain duration runs equally well on all its types: any at its best locality will do.
    for (const TypeId type : state_.view->demand(job).types) {
      const std::size_t mark = slots.mark();
      const Trial trial = state_.trial.place(job, {type.index(), request.gpus}, migration_budget);
      if (trial.feasible && !trial.relaxed) {
        request.type = type.index();
        return trial;
      }
      slots.rollback(mark);
    }
    for (const TypeId type : state_.view->demand(job).types)
      if (slots.free_gpus(type.index()) >= request.gpus) {
        request.type = type.index();
        break;
      }
  }
  return state_.trial.place(job, request, migration_budget);
}

FitCandidate Fit::place(JobId job, Request request, std::int32_t migration_budget) {
  SlotMap& slots = state_.slots;
  const std::size_t root = slots.mark();
  const Trial trial = try_types(job, request, migration_budget);
  FitCandidate candidate;
  candidate.gain = -1e9;
  if (trial.feasible) {
    const auto changes = slots.since(root);
    candidate = {true,
                 trial.throughput + (state_.as_the_artifact() ? 0 : trial.others),
                 trial.budget_left,
                 {changes.begin(), changes.end()}};
    if (!trial.relaxed) return candidate;
  }
  slots.rollback(root);
  const Options& options = state_.options;
  if (state_.view->throughput != nullptr) {
    const bool few = state_.running.size() <= 150;
    const SearchInput input{
        job,
        request,
        options.depth > 0 ? static_cast<std::int32_t>(options.depth) : (few ? 3 : 2),
        static_cast<std::uint64_t>(options.expansions),
        migration_budget,
        options.scaling,
        options.type_change};
    if (state_.as_the_artifact())
      arena_search_.search(input, candidate);
    else
      search_.search(input, candidate);
  }
  if (candidate.found) slots.replay(candidate.changes);
  return candidate;
}

}  // namespace orrery::policies::crius
