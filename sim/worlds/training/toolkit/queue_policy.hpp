// A policy that is nothing but an order of its queue: FIFO, SJF and the like.
#pragma once

#include "sim/worlds/training/toolkit/queue_pass.hpp"

namespace orrery::training {

/// Starts pending jobs in the order of a key (smaller first, then by submission); never preempts.
class QueuePolicy final : public Policy {
 public:
  /// The key of a job at the instant at which it becomes pending.
  using Key = double (*)(const View& view, JobId job);

  QueuePolicy(const QueueOptions& options, Key key) : options_(options), key_(key) {}
  Actions decide(const View& view, const Delta& delta) override;

 private:
  void enter(const View& view, JobId job);

  QueueOptions options_;
  Key key_;
  PendingQueue queue_;
  Draft draft_;
  Outages outages_;
};

/// Registers such a policy.
PolicyRegistration register_queue_policy(std::string name, std::string help, std::string source,
                                         QueuePolicy::Key key, PolicyTraits traits = {});

}  // namespace orrery::training
