#include "sim/worlds/training/policies/crius/downgrade_search.hpp"

namespace orrery::policies::crius {

namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

/// The state together with what the job is to get.
std::uint64_t key_of(const SlotMap& slots, Request target) {
  const auto request =
      static_cast<std::uint64_t>(target.type) << 32U | static_cast<std::uint32_t>(target.gpus);
  return slots.hash() ^ (request + 1) * 0x9e3779b97f4a7c15ULL;
}

}  // namespace

void DowngradeSearch::search(const SearchInput& input, FitCandidate& best) {
  input_ = input;
  best_ = &best;
  root_ = slots_.mark();
  seen_.assign(1, key_of(slots_, input.request));
  ++counts_.searches;
  std::uint64_t expanded = 0;
  level_.clear();
  level_.push_back({{}, input.request, 0, input.migration_budget, {}});
  for (std::int32_t depth = 0; depth < input.depth && !level_.empty(); ++depth) {
    next_.clear();
    for (const Candidate& candidate : level_) {
      if (input.expansions > 0 && expanded++ == input.expansions) return;
      expand(candidate);
    }
    std::swap(level_, next_);
  }
}

void DowngradeSearch::expand(const Candidate& candidate) {
  ++counts_.expansions;
  slots_.replay(candidate.changes);
  if (input_.shrink)
    for (std::size_t type = 0; type < slots_.types(); ++type) shrink_on(candidate, type);
  if (input_.change_types) {
    move_other(candidate);
    move_target(candidate);
  }
  slots_.rollback(root_);
}

void DowngradeSearch::shrink_on(const Candidate& candidate, std::size_t type) {
  const bool on_target_type = candidate.target.type == type;
  slots_.jobs_on(type, jobs_);
  std::int32_t largest = on_target_type ? candidate.target.gpus : 0;
  for (const JobId job : jobs_) largest = std::max(largest, slots_.gpus_of(job));
  JobId chosen;
  bool best_runs = false;
  double best = kNothing;
  const auto consider = [&](JobId job, std::int32_t gpus, Locality locality) {
    if (gpus < largest / 2 || gpus == 1 || !estimates_.adapts(job)) return;
    const double after = estimates_.of(job, type, halved(locality));
    const double gain = after - estimates_.of(job, type, locality);
    // Who cannot run on the half is a last resort: a later step must move it.
    const bool runs = after > 0;
    if (runs != best_runs ? best_runs : !(gain > best)) return;
    best_runs = runs;
    best = gain;
    chosen = job;
  };
  for (const JobId job : jobs_) consider(job, slots_.gpus_of(job), slots_.locality(job));
  if (on_target_type)
    consider(input_.job, candidate.target.gpus, estimates_.best_locality(candidate.target));
  if (chosen.is_none()) return;
  Candidate child = candidate;
  const std::size_t mark = slots_.mark();
  if (chosen == input_.job) {
    child.target.gpus /= 2;
  } else {
    halve(slots_, chosen);
    child.gain += best;
    child.changed.push_back(chosen);
  }
  finish(child, on_target_type);
  slots_.rollback(mark);
}

void DowngradeSearch::move_other(const Candidate& candidate) {
  moves_.clear();
  slots_.jobs_on(candidate.target.type, jobs_);
  for (const JobId job : jobs_) {
    if (!estimates_.adapts(job)) continue;
    const std::int32_t gpus = slots_.gpus_of(job);
    const double before = now(job);
    for (std::size_t type = 0; type < slots_.types(); ++type) {
      if (type == candidate.target.type || slots_.free_gpus(type) < gpus ||
          !estimates_.allowed(job, type))
        continue;
      const double at_most = estimates_.at_most(job, {type, gpus});
      if (at_most > 0) moves_.push_back({job, type, gpus, before, at_most - before});
    }
  }
  const auto place = [&](const Move& move) {
    slots_.release_all(move.job);
    return trial_.place(move.job, {move.type, move.gpus}, candidate.budget);
  };
  const auto found = best_of(moves_, tried_, kNothing, [&](const Move& move) {
    const std::size_t mark = slots_.mark();
    const Trial trial = place(move);
    slots_.rollback(mark);
    return trial.feasible ? std::optional(trial.throughput - move.known) : std::nullopt;
  });
  if (!found) return;
  const Move& move = moves_[found->first];
  Candidate child = candidate;
  const std::size_t mark = slots_.mark();
  const Trial trial = place(move);
  child.gain += trial.throughput - move.known + trial.others;
  child.budget = trial.budget_left;
  child.changed.push_back(move.job);
  finish(child, true);
  slots_.rollback(mark);
}

void DowngradeSearch::move_target(const Candidate& candidate) {
  if (!estimates_.adapts(input_.job)) return;
  std::optional<std::size_t> chosen;
  double best = 0;
  for (std::size_t type = 0; type < slots_.types(); ++type) {
    const Request moved{type, candidate.target.gpus};
    if (type == candidate.target.type || slots_.free_gpus(type) < moved.gpus ||
        !estimates_.allowed(input_.job, type))
      continue;
    const double throughput = estimates_.best(input_.job, moved);
    if (!(throughput > best)) continue;
    best = throughput;
    chosen = type;
  }
  if (!chosen) return;
  Candidate child = candidate;
  child.target.type = *chosen;
  finish(child, true);
}

void DowngradeSearch::finish(Candidate& child, bool try_target) {
  const std::size_t mark = slots_.mark();
  Trial trial;
  if (try_target) {
    trial = trial_.place(input_.job, child.target, child.budget);
    const double gain = child.gain + trial.throughput + trial.others;
    if (trial.feasible && gain > best_->gain && all_can_run(child.changed)) {
      const auto changes = slots_.since(root_);
      *best_ = {true, gain, trial.budget_left, {changes.begin(), changes.end()}};
    }
    slots_.rollback(mark);
  }
  if (trial.feasible && !trial.relaxed) return;
  const std::uint64_t key = key_of(slots_, child.target);
  const auto at = std::lower_bound(seen_.begin(), seen_.end(), key);
  if (at != seen_.end() && *at == key) return;
  seen_.insert(at, key);
  const auto changes = slots_.since(root_);
  child.changes.assign(changes.begin(), changes.end());
  next_.push_back(std::move(child));
}

bool DowngradeSearch::all_can_run(const std::vector<JobId>& jobs) const {
  return std::ranges::all_of(jobs, [&](JobId job) { return now(job) > 0; });
}

}  // namespace orrery::policies::crius
