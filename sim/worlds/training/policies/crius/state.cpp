#include "sim/worlds/training/policies/crius/state.hpp"

#include <algorithm>

namespace orrery::policies::crius {

void State::begin(const View& the_view, const training::Delta& delta) {
  view = &the_view;
  outages.update(the_view, delta);
  // Whether a deadline can still be met changes with time.
  if (!delta.failed_nodes.empty() || !delta.repaired_nodes.empty() || options.deadline_aware)
    set_aside.clear();
  slots.load(the_view);
  estimates.begin(the_view, options.deadline_aware);
  trial.set_rules({options.migration, as_the_artifact()});
  running.assign(the_view.running.begin(), the_view.running.end());
  re_asked.resize(the_view.jobs.size());
  cause.resize(the_view.jobs.size());
  suspended.assign(the_view.jobs.size(), 0);
  actions = {};
}

TypeId State::type_asked(const training::Demand& demand) const {
  const auto has_enough = [&](TypeId type) { return view->free->up_gpus(type) >= demand.gpus; };
  // A virtual cluster may have no node of a type.
  const bool missing = outages.any() || view->free->largest_node(demand.types.front()) == 0;
  const auto found =
      missing ? std::ranges::find_if(demand.types, has_enough) : demand.types.begin();
  return found == demand.types.end() ? demand.types.front() : *found;
}

std::optional<Request> State::request(JobId job) const {
  if (re_asked[job.index()]) return re_asked[job.index()];
  const training::Demand& demand = view->demand(job);
  const Request asked{type_asked(demand).index(), demand.gpus};
  if (as_the_artifact() || view->task(job).is_none()) return asked;
  const auto runs = [&](Request request) {
    return estimates.allowed(job, request.type) && estimates.best(job, request) > 0;
  };
  if (runs(asked)) return asked;
  // Something to begin with: the nearest count, the asked type first (ours).
  for (std::size_t t = 0; t <= slots.types(); ++t) {
    const std::size_t type = t == 0 ? asked.type : t - 1;
    if (runs({type, asked.gpus})) return Request{type, asked.gpus};
    if (!options.scaling || !estimates.adapts(job)) continue;
    for (std::int32_t gpus = asked.gpus / 2; gpus >= 1; gpus /= 2)
      if (runs({type, gpus})) return Request{type, gpus};
    for (std::int32_t gpus = asked.gpus * 2; gpus <= options.largest_gpus; gpus *= 2)
      if (runs({type, gpus})) return Request{type, gpus};
  }
  return std::nullopt;
}

void State::note_changes(std::size_t mark, JobId subject, Reason reason, JobId because_of) {
  const auto note = [&](Owner owner) {
    if (!owner.is_job()) return;
    const JobId job = owner.id();
    cause[job.index()] =
        job == subject ? Cause{reason, because_of} : Cause{Reason::made_room, subject};
  };
  for (const Change& change : slots.since(mark)) {
    note(change.from);
    note(change.to);
  }
}

void State::wait(JobId job, JobId because_of) {
  if (!because_of.is_none()) {
    actions.waits.push_back({job, Reason::behind, because_of, 0});
    return;
  }
  const training::Demand& demand = view->demand(job);
  const bool enough = std::ranges::any_of(
      demand.types, [&](TypeId type) { return slots.free_gpus(type.index()) >= demand.gpus; });
  actions.waits.push_back({job, enough ? Reason::fragmented : Reason::not_enough_gpus, JobId{}, 0});
}

void State::drop(JobId job, Reason reason) {
  queue.remove(job);
  actions.actions.push_back({training::Action::Kind::drop, job, {}, reason, JobId{}});
}

}  // namespace orrery::policies::crius
