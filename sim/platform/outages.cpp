#include "sim/platform/outages.hpp"

#include <cassert>
#include <cmath>

namespace orrery::platform {

using engine::Priority;

Outages::Outages(engine::Engine& engine, Ledger& ledger, const Inventory& inventory,
                 const std::optional<FailureConfig>& config, std::uint64_t seed,
                 const base::Where& where)
    : engine_(engine), ledger_(ledger), events_(inventory.nodes.size()) {
  if (config) source_.emplace(*config, inventory, seed, where);
}

void Outages::start() {
  if (!source_) return;
  for (std::size_t n = 0; n < events_.size(); ++n) schedule(NodeId(n), 0);
}

void Outages::schedule(NodeId node, double after_seconds) {
  if (!any_open()) return;
  const auto outage = source_->next(node, after_seconds);
  if (!outage) return;
  events_[node.index()] = engine_.at(outage->down_seconds, Priority::failure,
                                     [this, node, up = outage->up_seconds] { fail(node, up); });
}

void Outages::fail(NodeId node, double up_seconds) {
  for (const Observer& observer : observers_) observer.down(node);
  ledger_.set_up(node, false);
  if (!any_open() || !std::isfinite(up_seconds)) return;
  events_[node.index()] = engine_.at(up_seconds, Priority::failure, [this, node] { repair(node); });
}

void Outages::repair(NodeId node) {
  ledger_.set_up(node, true);
  for (const Observer& observer : observers_) observer.up(node);
  schedule(node, engine_.now_seconds());
}

void Outages::close_world() {
  assert(open_worlds_ > 0);
  if (--open_worlds_ > 0) return;
  for (const engine::EventHandle event : events_) engine_.cancel(event);
}

}  // namespace orrery::platform
