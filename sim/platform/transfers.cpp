#include "sim/platform/transfers.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace orrery::platform {

Transfers::Transfers(engine::Engine& engine, const Fabric& fabric, FabricShares* shares)
    : engine_(engine), fabric_(fabric), shares_(shares) {}

TransferId Transfers::start(NodeId from, NodeId to, double bytes, engine::Callback done) {
  assert(bytes >= 0);
  const std::vector<engine::LinkId> links = fabric_.route(from, to);
  double latency = 0;
  double slowest = std::numeric_limits<double>::infinity();
  for (const engine::LinkId id : links) {
    const auto& link = fabric_.resources().links[id.index()];
    latency += link.latency_seconds;
    slowest = std::min(slowest, link.bytes_per_second);
  }
  const TransferId id(next_++);
  Transfer& transfer = transfers_[static_cast<std::uint32_t>(id.index())];
  transfer.bytes_left = links.empty() ? 0 : bytes;
  transfer.alone_bytes_per_second = slowest;
  transfer.done = std::move(done);
  transfer.event = engine_.at(engine_.now_seconds() + latency, engine::Priority::departure,
                              [this, id, links] { join(id, links); });
  return id;
}

void Transfers::join(TransferId id, const std::vector<engine::LinkId>& links) {
  Transfer& transfer = transfers_.at(static_cast<std::uint32_t>(id.index()));
  transfer.since_seconds = engine_.now_seconds();
  if (transfer.bytes_left <= 0) return end(id);
  if (shares_ != nullptr) {
    models::CommunicationPhase phase;
    phase.bytes = transfer.bytes_left;
    for (const engine::LinkId link : links)
      phase.crossings.push_back({static_cast<std::uint32_t>(link.index()), 1});
    phase.crossings = models::joined(std::move(phase.crossings));
    models::JobTraffic traffic;
    traffic.phases.push_back(std::move(phase));
    transfer.member =
        shares_->join(std::move(traffic), [this, id](double slowdown) { change(id, slowdown); });
  }
  schedule_end(id);
}

void Transfers::change(TransferId id, double slowdown) {
  Transfer& transfer = transfers_.at(static_cast<std::uint32_t>(id.index()));
  const double now = engine_.now_seconds();
  const double rate = transfer.alone_bytes_per_second / transfer.slowdown;
  transfer.bytes_left = std::max(0.0, transfer.bytes_left - (now - transfer.since_seconds) * rate);
  transfer.since_seconds = now;
  transfer.slowdown = slowdown;
  engine_.cancel(transfer.event);
  schedule_end(id);
}

void Transfers::schedule_end(TransferId id) {
  Transfer& transfer = transfers_.at(static_cast<std::uint32_t>(id.index()));
  const double seconds = transfer.bytes_left * transfer.slowdown / transfer.alone_bytes_per_second;
  transfer.event = engine_.at(transfer.since_seconds + seconds, engine::Priority::departure,
                              [this, id] { end(id); });
}

void Transfers::end(TransferId id) {
  const auto found = transfers_.find(static_cast<std::uint32_t>(id.index()));
  Transfer transfer = std::move(found->second);
  transfers_.erase(found);
  if (shares_ != nullptr) shares_->leave(transfer.member);
  transfer.done();
}

void Transfers::cancel(TransferId id) {
  const auto found = transfers_.find(static_cast<std::uint32_t>(id.index()));
  if (found == transfers_.end()) return;
  engine_.cancel(found->second.event);
  if (shares_ != nullptr) shares_->leave(found->second.member);
  transfers_.erase(found);
}

}  // namespace orrery::platform
