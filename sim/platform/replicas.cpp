#include "sim/platform/replicas.hpp"

#include <fmt/format.h>

#include <utility>

namespace orrery::platform {

Replicas::Replicas(Platform& platform, Config config, Events events)
    : platform_(platform), config_(std::move(config)), events_(std::move(events)) {
  at_.resize(config_.count);
  const auto asked = static_cast<std::int64_t>(config_.count) * config_.gpus;
  if (asked > platform.inventory.gpus)
    throw base::Error(platform.config.nodes_where,
                      fmt::format("'{}' asks for {} GPUs, but the platform has {}", config_.name,
                                  asked, platform.inventory.gpus));
  holder_ = platform.ledger.add_holder(config_.name);
  if (!config_.placed_by.empty()) {
    for (std::size_t r = 0; r < at_.size(); ++r) {
      Guest guest;
      guest.name = fmt::format("{}/{}", config_.name, r);
      guest.holder = holder_;
      guest.gpus = config_.gpus;
      guest.placed = [this, r](const Placement& placement) {
        at_[r] = placement;
        if (open_) events_.gained(r);
      };
      guest.displaced = [this, r] { lose(r); };
      leave_.push_back(guest.leave);
      platform.guests.add(config_.placed_by, std::move(guest));
    }
    return;
  }
  platform.ledger.observe_given([this](HolderId by, NodeId) {
    if (by != holder_) request();
  });
  platform.outages.observe({[this](NodeId node) { leave(node); }, [this](NodeId) { request(); }});
}

void Replicas::start() {
  open_ = true;
  request();
}

void Replicas::close() {
  if (!std::exchange(open_, false)) return;
  for (const auto& leave : leave_) (*leave)();
  if (!config_.placed_by.empty()) return;
  for (Placement& placement : at_) {
    for (const NodeShare& share : placement) platform_.ledger.give(holder_, share);
    placement.clear();
  }
}

void Replicas::request() {
  if (!open_ || !config_.placed_by.empty() || std::exchange(requested_, true)) return;
  platform_.engine.at(platform_.engine.now_seconds(), engine::Priority::sample, [this] {
    requested_ = false;
    take();
  });
}

void Replicas::take() {
  if (!open_) return;
  const PlacementState& free = platform_.ledger.index();
  for (std::size_t r = 0; r < at_.size(); ++r) {
    for (std::size_t t = 0; t < free.types() && at_[r].empty(); ++t) {
      const auto node = free.first_sufficient(TypeId(t), config_.gpus);
      if (!node) continue;
      NodeShare share{*node, config_.gpus};
      platform_.ledger.take(holder_, share);
      at_[r] = {share};
    }
    if (is_placed(r)) events_.gained(r);
  }
  if (!std::exchange(begun_, true) && !config_.wait) check_all_placed();
}

void Replicas::check_all_placed() const {
  for (std::size_t r = 0; r < at_.size(); ++r) {
    if (is_placed(r)) continue;
    std::string holders;
    for (std::size_t n = 0; n < platform_.inventory.nodes.size(); ++n)
      if (const std::string text = platform_.ledger.holding_text(NodeId(n)); !text.empty())
        holders += fmt::format("{}of node {} {}", holders.empty() ? "" : "; ", n, text);
    throw base::Error({},
                      fmt::format("'{}' asks for {} GPUs on one node for each of {} replicas, but "
                                  "no node has them free: {}",
                                  config_.name, config_.gpus, config_.count, holders),
                      base::Fault::run_failed);
  }
}

void Replicas::leave(NodeId down) {
  for (std::size_t r = 0; r < at_.size(); ++r) {
    if (!is_placed(r) || node(r) != down) continue;
    for (const NodeShare& share : at_[r]) platform_.ledger.give(holder_, share);
    lose(r);
  }
  request();
}

void Replicas::lose(std::size_t replica) {
  at_[replica].clear();
  if (open_) events_.lost(replica);
}

}  // namespace orrery::platform
