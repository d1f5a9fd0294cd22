#include "sim/worlds/training/toolkit/queue_policy.hpp"

namespace orrery::training {

Actions QueuePolicy::decide(const View& view, const Delta& delta) {
  for (const JobId job : delta.arrived) enter(view, job);
  for (const JobId job : delta.interrupted) enter(view, job);
  outages_.update(view, delta);
  Actions actions;
  draft_.begin(*view.free);
  queue_pass(view, delta, options_, queue_, draft_, outages_, actions);
  return actions;
}

void QueuePolicy::enter(const View& view, JobId job) {
  queue_.insert(job, view.demand_of[job.index()], key_(view, job));
}

PolicyRegistration register_queue_policy(std::string name, std::string help, std::string source,
                                         QueuePolicy::Key key, PolicyTraits traits) {
  return PolicyRegistration(
      {std::move(name), std::move(help), std::move(source), base::describe<QueueOptions>(),
       [key](const base::Node& node) {
         return std::make_unique<QueuePolicy>(base::read<QueueOptions>(node), key);
       },
       traits});
}

}  // namespace orrery::training
