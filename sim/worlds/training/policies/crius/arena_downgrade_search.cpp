#include "sim/worlds/training/policies/crius/arena_downgrade_search.hpp"

namespace orrery::policies::crius {

namespace {

constexpr double kInfeasible = -1e9;

}  // namespace

double ArenaDowngradeSearch::change(JobId job, std::size_t new_type, Locality new_locality,
                                    std::size_t old_type, Locality old_locality) const {
  const double now = estimates_.of(job, new_type, new_locality);
  if (!(now > 0)) return kInfeasible;
  const double before = estimates_.of(job, old_type, old_locality);
  return before > 0 ? now - before : now - kInfeasible;
}

void ArenaDowngradeSearch::search(const SearchInput& input, FitCandidate& best) {
  input_ = input;
  best_ = &best;
  root_ = slots_.mark();
  ++counts_.searches;
  std::uint64_t expanded = 0;
  level_.clear();
  level_.push_back({{}, input.request, 0, input.migration_budget, {}});
  for (std::int32_t depth = 0; depth < input.depth && !level_.empty(); ++depth) {
    next_.clear();
    for (auto candidate = level_.rbegin(); candidate != level_.rend(); ++candidate) {
      if (input.expansions > 0 && expanded++ == input.expansions) return;
      expand(*candidate);
    }
    std::swap(level_, next_);
  }
}

void ArenaDowngradeSearch::expand(const Candidate& candidate) {
  ++counts_.expansions;
  slots_.replay(candidate.changes);
  if (input_.shrink)
    for (std::size_t type = 0; type < slots_.types(); ++type) shrink_on(candidate, type);
  if (input_.change_types) change_type(candidate);
  slots_.rollback(root_);
}

void ArenaDowngradeSearch::shrink_on(const Candidate& candidate, std::size_t type) {
  const bool on_target_type = candidate.target.type == type;
  slots_.jobs_on(type, jobs_);
  std::int32_t largest = on_target_type ? candidate.target.gpus : 0;
  for (const JobId job : jobs_) largest = std::max(largest, slots_.gpus_of(job));
  JobId chosen;
  double best = kInfeasible - 1;
  Locality chosen_new;
  const auto consider = [&](JobId job, std::int32_t gpus, Locality locality) {
    if (gpus < largest / 2 || gpus == 1 || !estimates_.adapts(job)) return;
    const double gain = change(job, type, halved(locality), type, locality);
    if (!(gain > best)) return;
    best = gain;
    chosen = job;
    chosen_new = halved(locality);
  };
  for (const JobId job : jobs_) consider(job, slots_.gpus_of(job), slots_.locality(job));
  if (on_target_type)
    consider(input_.job, candidate.target.gpus, estimates_.best_locality(candidate.target));
  if (chosen.is_none()) return;
  Candidate child = candidate;
  child.gain += best;
  const std::size_t mark = slots_.mark();
  if (chosen == input_.job)
    child.target.gpus /= 2;
  else
    halve(slots_, chosen);
  finish(child, chosen, type, chosen_new, on_target_type);
  slots_.rollback(mark);
}

void ArenaDowngradeSearch::change_type(const Candidate& candidate) {
  Candidate child = candidate;
  const std::size_t mark = slots_.mark();
  JobId changed = change_type_of_target(candidate, child);
  if (changed.is_none()) changed = change_type_of_other(candidate, child);
  if (changed.is_none()) return;
  const std::size_t type = changed == input_.job ? child.target.type : slots_.type_of(changed);
  finish(child, changed, type, estimates_.best_locality(child.target), true);
  slots_.rollback(mark);
}

JobId ArenaDowngradeSearch::change_type_of_target(const Candidate& candidate, Candidate& child) {
  const Request asked = input_.request;
  if (asked.type != candidate.target.type || !estimates_.adapts(input_.job)) return {};
  moves_.clear();
  for (std::size_t type = 0; type < slots_.types(); ++type) {
    if (type == asked.type || slots_.free_gpus(type) < asked.gpus ||
        !estimates_.allowed(input_.job, type))
      continue;
    const Request moved{type, asked.gpus};
    const double gain = change(input_.job, type, estimates_.best_locality(moved), asked.type,
                               estimates_.best_locality(asked));
    moves_.push_back({input_.job, type, asked.gpus, gain, gain});
  }
  const auto found = best_of(moves_, tried_, kInfeasible, [&](const Move& move) {
    const std::size_t mark = slots_.mark();
    const Trial trial = trial_.place(move.job, {move.type, move.gpus}, candidate.budget);
    slots_.rollback(mark);
    return trial.feasible ? std::optional(move.known) : std::nullopt;
  });
  if (!found) return {};
  child.target = {moves_[found->first].type, asked.gpus};
  child.gain += found->second;
  return input_.job;
}

JobId ArenaDowngradeSearch::change_type_of_other(const Candidate& candidate, Candidate& child) {
  moves_.clear();
  slots_.jobs_on(candidate.target.type, jobs_);
  for (const JobId job : jobs_) {
    if (!estimates_.adapts(job)) continue;
    const std::int32_t gpus = slots_.gpus_of(job);
    const Locality locality = slots_.locality(job);
    const double now = estimates_.of(job, candidate.target.type, locality);
    const double before = now > 0 ? now : kInfeasible;
    for (std::size_t type = 0; type < slots_.types(); ++type) {
      if (type == candidate.target.type || slots_.free_gpus(type) < gpus ||
          !estimates_.allowed(job, type))
        continue;
      const Request moved{type, gpus};
      const Locality best = estimates_.best_locality(moved);
      if (!(estimates_.of(job, type, best) > 0)) continue;
      const double known = change(job, type, best, candidate.target.type, locality);
      moves_.push_back({job, type, gpus, known, known + (estimates_.at_most(job, moved) - before)});
    }
  }
  const auto place = [&](const Move& move, double& value) {
    const double now = estimates_.of(move.job, slots_);
    slots_.release_all(move.job);
    const Trial trial = trial_.place(move.job, {move.type, move.gpus}, candidate.budget);
    value = move.known + (trial.throughput - (now > 0 ? now : kInfeasible));
    return trial;
  };
  const auto found = best_of(moves_, tried_, kInfeasible, [&](const Move& move) {
    const std::size_t mark = slots_.mark();
    double value = 0;
    const Trial trial = place(move, value);
    slots_.rollback(mark);
    return trial.feasible ? std::optional(value) : std::nullopt;
  });
  if (!found) return {};
  double value = 0;
  child.budget = place(moves_[found->first], value).budget_left;
  child.gain += value;
  return moves_[found->first].job;
}

void ArenaDowngradeSearch::finish(Candidate& child, JobId changed, std::size_t type,
                                  Locality expected, bool try_target) {
  const std::size_t mark = slots_.mark();
  Trial trial;
  if (try_target) {
    trial = trial_.place(input_.job, child.target, child.budget);
    if (slots_.runs(changed)) expected = slots_.locality(changed);
  }
  child.steps.push_back({changed, type, expected});
  const double gain = child.gain + trial.throughput;
  if (trial.feasible && all_can_run(child.steps) && gain > best_->gain) {
    const auto changes = slots_.since(root_);
    *best_ = {true, gain, trial.budget_left, {changes.begin(), changes.end()}};
  }
  slots_.rollback(mark);
  if (trial.feasible && !trial.relaxed) return;
  const auto changes = slots_.since(root_);
  child.changes.assign(changes.begin(), changes.end());
  next_.push_back(std::move(child));
}

bool ArenaDowngradeSearch::all_can_run(const std::vector<Step>& steps) const {
  std::vector<JobId> stuck;
  for (const Step& step : steps) {
    const bool runs = estimates_.of(step.job, step.type, step.locality) > 0;
    const auto known = std::ranges::find(stuck, step.job);
    if (!runs && known == stuck.end())
      stuck.push_back(step.job);
    else if (known != stuck.end())
      stuck.erase(known);
  }
  return stuck.empty();
}

}  // namespace orrery::policies::crius
