#include "sim/platform/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "models/base/numbers.hpp"

namespace orrery::platform {

namespace {

// Cores are whole; bytes are sums of doubles, exact below 2^53.
constexpr double kNoBytes = 0.5;

}  // namespace

Ledger::Ledger(const Inventory& inventory, const engine::Engine& engine)
    : inventory_(inventory), engine_(engine), up_gpus_(inventory.gpus) {
  std::vector<NodeId> all;
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n) {
    all.emplace_back(n);
    const NodeGroup& group = inventory.groups[inventory.nodes[n].group];
    free_cores_.push_back(group.cores);
    free_memory_bytes_.push_back(group.memory_bytes);
  }
  up_.assign(all.size(), 1);
  indices_.push_back({{}, std::make_unique<PlacementState>(inventory, all)});
}

HolderId Ledger::add_holder(std::string name) {
  holders_.emplace_back().name = std::move(name);
  return HolderId(holders_.size() - 1);
}

const PlacementState& Ledger::index(HolderId holder, std::span<const NodeId> members) {
  Index index{holder, std::make_unique<PlacementState>(inventory_, members)};
  for ([[maybe_unused]] const Holder& each : holders_)
    assert(each.milli == 0 && "indices are asked for before anything is taken");
  return *indices_.emplace_back(std::move(index)).state;
}

bool Ledger::is_withheld(const Index& index, HolderId holder, const NodeShare& share) {
  return !index.holder.is_none() && index.holder != holder && share.milli == kWholeGpuMilli;
}

void Ledger::take(HolderId holder, NodeShare& share) {
  assert(is_up(share.node));
  for (Index& index : indices_) {
    if (!index.state->contains(share.node)) continue;
    index.state->take(share);
    if (is_withheld(index, holder, share)) index.state->withhold(share);
  }
  record(holder, share, 1);
}

void Ledger::give(HolderId holder, const NodeShare& share) {
  record(holder, share, -1);
  for (Index& index : indices_) {
    if (!index.state->contains(share.node)) continue;
    if (is_withheld(index, holder, share)) index.state->restore(share);
    index.state->give(share);
  }
  for (const auto& observer : observers_) observer(holder, share.node);
}

bool Ledger::can_take(const NodeRoom& room) const {
  return is_up(room.node) && room.cores <= free_cores(room.node) &&
         room.memory_bytes <= free_memory_bytes(room.node) + kNoBytes;
}

std::int32_t Ledger::free_cores(NodeId node) const {
  return is_up(node) ? free_cores_[node.index()] : 0;
}
double Ledger::free_memory_bytes(NodeId node) const {
  return is_up(node) ? free_memory_bytes_[node.index()] : 0;
}

void Ledger::take(HolderId holder, const NodeRoom& room) {
  assert(can_take(room));
  Holder& h = holders_[holder.index()];
  if (h.node_cores.empty()) {
    h.node_cores.resize(inventory_.nodes.size());
    h.node_memory_bytes.resize(inventory_.nodes.size());
  }
  free_cores_[room.node.index()] -= room.cores;
  free_memory_bytes_[room.node.index()] -= room.memory_bytes;
  h.node_cores[room.node.index()] += room.cores;
  h.node_memory_bytes[room.node.index()] += room.memory_bytes;
  h.cores += room.cores;
}

void Ledger::give(HolderId holder, const NodeRoom& room) {
  Holder& h = holders_[holder.index()];
  assert(!h.node_cores.empty() && h.node_cores[room.node.index()] >= room.cores);
  free_cores_[room.node.index()] += room.cores;
  free_memory_bytes_[room.node.index()] += room.memory_bytes;
  h.node_cores[room.node.index()] -= room.cores;
  h.node_memory_bytes[room.node.index()] -= room.memory_bytes;
  h.cores -= room.cores;
  for (const auto& observer : observers_) observer(holder, room.node);
}

void Ledger::set_up(NodeId node, bool up) {
  assert(up_[node.index()] != static_cast<std::uint8_t>(up));
  for (std::size_t h = 0; h < holders_.size(); ++h)
    assert(held_milli(HolderId(h), node) == 0 && "who holds a GPU of a failing node gives it back");
  count_available();
  const std::int64_t gpus = inventory_.nodes[node.index()].gpus;
  up_gpus_ += up ? gpus : -gpus;
  up_[node.index()] = up ? 1 : 0;
  for (Index& index : indices_)
    if (index.state->contains(node)) index.state->set_up(node, up);
}

std::size_t Ledger::gpu_index(NodeId node, std::int32_t slot) const {
  const std::int32_t index = inventory_.nodes[node.index()].first_gpu + slot;
  return static_cast<std::size_t>(index);
}

void Ledger::record(HolderId holder, const NodeShare& share, std::int32_t sign) {
  Holder& h = holders_[holder.index()];
  if (h.gpu_milli.empty()) h.gpu_milli.resize(static_cast<std::size_t>(inventory_.gpus));
  for (std::uint64_t slots = share.slots; slots != 0; slots &= slots - 1) {
    std::uint16_t& milli = h.gpu_milli[gpu_index(share.node, std::countr_zero(slots))];
    const std::int32_t now = milli + sign * share.milli;
    assert(now >= 0 && now <= 1000 && "a GPU is owned twice, or given back by another");
    milli = static_cast<std::uint16_t>(now);
  }
  const std::int64_t milli = std::int64_t{sign} * share.milli * std::popcount(share.slots);
  count_available();
  taken_ = true;
  held_milli_ += milli;
  h.milli += milli;
  h.type_milli.resize(inventory_.types.size());
  h.type_milli[inventory_.nodes[share.node.index()].type.index()] += milli;
  count_time(h, milli);
}

void Ledger::count_time(Holder& holder, std::int64_t milli) {
  const double now = engine_.now_seconds();
  holder.gpu_seconds +=
      (now - holder.since_seconds) * static_cast<double>(holder.time_milli) / 1000;
  holder.since_seconds = now;
  holder.time_milli += milli;
}

void Ledger::count_for(HolderId from, HolderId to, std::int64_t milli) {
  count_time(holders_[from.index()], -milli);
  count_time(holders_[to.index()], milli);
}

std::int64_t Ledger::held_by_others_milli(HolderId holder, TypeId type) const {
  std::int64_t sum = 0;
  for (std::size_t h = 0; h < holders_.size(); ++h)
    if (h != holder.index() && !holders_[h].type_milli.empty())
      sum += holders_[h].type_milli[type.index()];
  return sum;
}

double Ledger::held_gpu_seconds(HolderId holder) const {
  const Holder& h = holders_[holder.index()];
  return h.gpu_seconds +
         (engine_.now_seconds() - h.since_seconds) * static_cast<double>(h.time_milli) / 1000;
}

void Ledger::count_available() {
  const double now = engine_.now_seconds();
  const double since = (now - up_since_seconds_) * static_cast<double>(up_gpus_);
  up_since_seconds_ = now;
  if (!taken_) return;
  idle_gpu_seconds_ += since;
  if (held_milli_ == 0) return;
  up_gpu_seconds_ += idle_gpu_seconds_;
  idle_gpu_seconds_ = 0;
}

double Ledger::available_gpu_seconds() const {
  if (held_milli_ == 0) return up_gpu_seconds_;
  return up_gpu_seconds_ + idle_gpu_seconds_ +
         (engine_.now_seconds() - up_since_seconds_) * static_cast<double>(up_gpus_);
}

std::int32_t Ledger::held_milli(HolderId holder, NodeId node, std::int32_t slot) const {
  const Holder& h = holders_[holder.index()];
  return h.gpu_milli.empty() ? 0 : h.gpu_milli[gpu_index(node, slot)];
}

std::int64_t Ledger::held_milli(HolderId holder, NodeId node) const {
  std::int64_t sum = 0;
  for (std::int32_t slot = 0; slot < inventory_.nodes[node.index()].gpus; ++slot)
    sum += held_milli(holder, node, slot);
  return sum;
}

std::string Ledger::holding_text(NodeId node) const {
  std::string out;
  const auto say = [&](const std::string& what, const std::string& name) {
    out += fmt::format("{}{} held by '{}'", out.empty() ? "" : ", ", what, name);
  };
  const NodeInfo& info = inventory_.nodes[node.index()];
  const NodeGroup& group = inventory_.groups[info.group];
  for (std::size_t h = 0; h < holders_.size(); ++h) {
    const Holder& holder = holders_[h];
    if (const std::int64_t milli = held_milli(HolderId(h), node); milli > 0)
      say(fmt::format("{} of its {} GPUs", base::format_shortest(static_cast<double>(milli) / 1000),
                      info.gpus),
          holder.name);
    if (!holder.node_cores.empty() && holder.node_cores[node.index()] > 0)
      say(fmt::format("{} of its {} cores", holder.node_cores[node.index()], group.cores),
          holder.name);
  }
  return out;
}

void Ledger::observe_given(std::function<void(HolderId, NodeId)> observer) {
  observers_.push_back(std::move(observer));
}

std::string Ledger::fault() const {
  for (std::size_t n = 0; n < inventory_.nodes.size(); ++n)
    if (std::string found = fault_of(NodeId(n)); !found.empty()) return found;
  return {};
}

std::string Ledger::fault_of(NodeId node) const {
  const NodeGroup& group = inventory_.groups[inventory_.nodes[node.index()].group];
  std::int32_t cores = free_cores_[node.index()];
  for (const Holder& holder : holders_)
    if (!holder.node_cores.empty()) cores += holder.node_cores[node.index()];
  if (cores != group.cores)
    return fmt::format("node {} has {} cores, held and free {}", node.index(), group.cores, cores);
  for (std::int32_t slot = 0; slot < inventory_.nodes[node.index()].gpus; ++slot) {
    std::int32_t held = 0;
    for (std::size_t h = 0; h < holders_.size(); ++h) held += held_milli(HolderId(h), node, slot);
    for (const Index& index : indices_) {
      if (!index.state->contains(node)) continue;
      const std::int32_t free = index.state->free_milli(node, slot);
      if (is_up(node) ? held + free != 1000 : held != 0)
        return fmt::format("GPU {} of node {}: {} thousandths held, {} free, the node {}", slot,
                           node.index(), held, free, is_up(node) ? "up" : "down");
    }
  }
  return {};
}

}  // namespace orrery::platform
