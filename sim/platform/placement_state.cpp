#include "sim/platform/placement_state.hpp"

#include <algorithm>
#include <cassert>

namespace orrery::platform {

namespace {

std::uint64_t mask_of(std::int32_t gpus) {
  return gpus >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << gpus) - 1;
}

std::uint64_t lowest_bits(std::uint64_t from, std::int32_t count) {
  std::uint64_t chosen = 0;
  for (; count > 0; --count) {
    assert(from != 0 && "fewer GPUs are free than are taken");
    const std::uint64_t bit = from & (~from + 1);
    chosen |= bit;
    from ^= bit;
  }
  return chosen;
}

}  // namespace

std::int32_t gpus_of(const Placement& placement) {
  std::int32_t gpus = 0;
  for (const NodeShare& share : placement) gpus += share.gpus;
  return gpus;
}

PlacementState::PlacementState(const Inventory& inventory, std::span<const NodeId> members) {
  per_type_.resize(inventory.types.size());
  if (members.empty()) return;
  const auto [first, last] = std::minmax_element(members.begin(), members.end());
  first_node_ = first->index();
  const std::size_t nodes = last->index() + 1 - first_node_;
  words_ = (nodes + 63) / 64;
  free_.resize(nodes);
  up_.resize(nodes);
  gpus_.resize(nodes);
  type_of_.resize(nodes);
  first_gpu_.resize(nodes + 1);
  for (std::size_t n = 0; n < nodes; ++n) {
    const NodeInfo& node = inventory.nodes[first_node_ + n];
    type_of_[n] = static_cast<std::uint16_t>(node.type.index());
    first_gpu_[n + 1] = first_gpu_[n] + node.gpus;
  }
  for (const NodeId id : members) {
    const NodeInfo& node = inventory.nodes[id.index()];
    if (node.gpus == 0) continue;
    gpus_[at(id)] = static_cast<std::uint8_t>(node.gpus);
    PerType& type = per_type_[node.type.index()];
    type.largest_node = std::max(type.largest_node, node.gpus);
  }
  std::uint32_t levels = 0;
  for (PerType& type : per_type_) {
    type.first_level = levels;
    levels += static_cast<std::uint32_t>(type.largest_node) + 1;
  }
  levels_.resize(levels * words_);
  level_size_.resize(levels);
  up_nodes_.resize(levels);
  wholly_free_.resize(per_type_.size() * words_);
  for (const NodeId id : members)
    if (contains(id)) set_up(id, true);
}

std::int32_t PlacementState::free_gpus() const {
  std::int32_t sum = 0;
  for (const PerType& type : per_type_) sum += type.free_gpus;
  return sum;
}

std::int32_t PlacementState::up_nodes_with(TypeId id, std::int32_t gpus) const {
  const PerType& type = per_type_[id.index()];
  std::int32_t nodes = 0;
  for (std::int32_t size = std::max(gpus, 1); size <= type.largest_node; ++size)
    nodes += up_nodes_[type.first_level + static_cast<std::size_t>(size)];
  return nodes;
}

std::int32_t PlacementState::up_gpus() const {
  std::int32_t sum = 0;
  for (const PerType& type : per_type_) sum += type.up_gpus;
  return sum;
}

std::int32_t PlacementState::free_milli(NodeId node, std::int32_t slot) const {
  if (!is_up(node)) return 0;
  const std::size_t n = at(node);
  if ((free_[n] >> slot) & 1) return kWholeGpuMilli;
  if (share_left_.empty()) return 0;
  return share_left_[gpu_index(n, slot)];
}

std::optional<NodeId> PlacementState::first_in(const std::uint64_t* bits, std::size_t from) const {
  std::size_t word = from / 64;
  if (word >= words_) return std::nullopt;
  std::uint64_t current = bits[word] & (~std::uint64_t{0} << (from % 64));
  while (current == 0) {
    if (++word == words_) return std::nullopt;
    current = bits[word];
  }
  return NodeId(first_node_ + word * 64 + static_cast<std::size_t>(std::countr_zero(current)));
}

std::optional<NodeId> PlacementState::fewest_sufficient(TypeId id, std::int32_t gpus) const {
  const PerType& type = per_type_[id.index()];
  for (std::int32_t free = gpus; free <= type.largest_node; ++free) {
    const std::size_t level = type.first_level + static_cast<std::size_t>(free);
    if (level_size_[level] > 0) return first_in(&levels_[level * words_]);
  }
  return std::nullopt;
}

std::optional<NodeId> PlacementState::first_sufficient(TypeId id, std::int32_t gpus) const {
  const PerType& type = per_type_[id.index()];
  std::optional<NodeId> best;
  for (std::int32_t free = gpus; free <= type.largest_node; ++free) {
    const std::size_t level = type.first_level + static_cast<std::size_t>(free);
    if (level_size_[level] == 0) continue;
    const auto node = first_in(&levels_[level * words_]);
    if (!best || *node < *best) best = node;
  }
  return best;
}

std::optional<NodeId> PlacementState::next_wholly_free(TypeId id, NodeId from) const {
  if (free_.empty()) return std::nullopt;
  return first_in(&wholly_free_[id.index() * words_],
                  std::max(from.index(), first_node_) - first_node_);
}

std::optional<NodeId> PlacementState::most_free(TypeId id) const {
  const PerType& type = per_type_[id.index()];
  for (std::int32_t free = type.largest_node; free > 0; --free) {
    const std::size_t level = type.first_level + static_cast<std::size_t>(free);
    if (level_size_[level] > 0) return first_in(&levels_[level * words_]);
  }
  return std::nullopt;
}

std::optional<PlacementState::SharedGpu> PlacementState::tightest_shared(TypeId type,
                                                                         std::int32_t milli) const {
  const Shared wanted{static_cast<std::uint32_t>(type.index()), milli, 0, 0};
  const auto it = std::lower_bound(shared_.begin(), shared_.end(), wanted);
  if (it == shared_.end() || it->type != wanted.type) return std::nullopt;
  return SharedGpu{NodeId(it->node), it->slot};
}

void PlacementState::refile(NodeId id, std::uint64_t new_free) {
  const std::size_t n = at(id);
  PerType& type = per_type_[type_of_[n]];
  const std::uint64_t bit = std::uint64_t{1} << (n % 64);
  const std::size_t word = n / 64;
  const auto old_count = std::popcount(free_[n]);
  const auto new_count = std::popcount(new_free);
  const std::size_t old_level = type.first_level + static_cast<std::size_t>(old_count);
  const std::size_t new_level = type.first_level + static_cast<std::size_t>(new_count);
  levels_[old_level * words_ + word] &= ~bit;
  --level_size_[old_level];
  levels_[new_level * words_ + word] |= bit;
  ++level_size_[new_level];
  std::uint64_t& wholly = wholly_free_[type_of_[n] * words_ + word];
  wholly = new_count == gpus_[n] ? wholly | bit : wholly & ~bit;
  type.free_gpus += new_count - old_count;
  free_[n] = new_free;
}

bool PlacementState::can_take(const NodeShare& share) const {
  if (!is_up(share.node) || share.gpus < 1 || share.milli < 1 || share.milli > kWholeGpuMilli)
    return false;
  const std::size_t n = at(share.node);
  if (share.slots == 0) return free_on(share.node) >= share.gpus;
  if (share.milli == kWholeGpuMilli)
    return (free_[n] & share.slots) == share.slots && std::popcount(share.slots) == share.gpus;
  return std::has_single_bit(share.slots) &&
         free_milli(share.node, std::countr_zero(share.slots)) >= share.milli;
}

void PlacementState::take(NodeShare& share) {
  assert(is_up(share.node));
  if (share.milli < kWholeGpuMilli) {
    take_shared(share);
    return;
  }
  const std::uint64_t free = free_[at(share.node)];
  if (share.slots == 0) share.slots = lowest_bits(free, share.gpus);
  assert((free & share.slots) == share.slots && "a GPU is taken twice");
  refile(share.node, free & ~share.slots);
}

void PlacementState::give(const NodeShare& share) {
  if (share.milli < kWholeGpuMilli) {
    give_shared(share);
    return;
  }
  const std::uint64_t free = free_[at(share.node)];
  assert((free & share.slots) == 0 && "a free GPU is given back");
  refile(share.node, free | share.slots);
}

void PlacementState::take_shared(NodeShare& share) {
  const std::size_t n = at(share.node);
  if (share_left_.empty()) share_left_.resize(static_cast<std::size_t>(first_gpu_.back()));
  if (share.slots == 0) share.slots = lowest_bits(free_[n], 1);
  const auto slot = std::countr_zero(share.slots);
  std::uint16_t& left = share_left_[gpu_index(n, slot)];
  Shared entry{type_of_[n], left, static_cast<std::uint32_t>(share.node.index()), slot};
  if (free_[n] & share.slots) {
    refile(share.node, free_[n] & ~share.slots);
    left = kWholeGpuMilli;
  } else {
    const auto it = std::lower_bound(shared_.begin(), shared_.end(), entry);
    assert(it != shared_.end() && *it == entry && left >= share.milli);
    shared_.erase(it);
  }
  left = static_cast<std::uint16_t>(left - share.milli);
  entry.free_milli = left;
  if (left > 0) shared_.insert(std::lower_bound(shared_.begin(), shared_.end(), entry), entry);
}

void PlacementState::give_shared(const NodeShare& share) {
  const std::size_t n = at(share.node);
  const auto slot = std::countr_zero(share.slots);
  std::uint16_t& left = share_left_[gpu_index(n, slot)];
  Shared entry{type_of_[n], left, static_cast<std::uint32_t>(share.node.index()), slot};
  if (left > 0) {
    const auto it = std::lower_bound(shared_.begin(), shared_.end(), entry);
    assert(it != shared_.end() && *it == entry);
    shared_.erase(it);
  }
  left = static_cast<std::uint16_t>(left + share.milli);
  assert(left <= kWholeGpuMilli);
  if (left == kWholeGpuMilli) {
    left = 0;
    refile(share.node, free_[n] | share.slots);
    return;
  }
  entry.free_milli = left;
  shared_.insert(std::lower_bound(shared_.begin(), shared_.end(), entry), entry);
}

void PlacementState::withhold(const NodeShare& share) {
  if (withheld_.empty()) withheld_.resize(free_.size());
  assert((free_[at(share.node)] & share.slots) == 0);
  withheld_[at(share.node)] |= share.slots;
  per_type_[type_of_[at(share.node)]].up_gpus -= share.gpus;
}

void PlacementState::restore(const NodeShare& share) {
  withheld_[at(share.node)] &= ~share.slots;
  per_type_[type_of_[at(share.node)]].up_gpus += share.gpus;
}

void PlacementState::set_up(NodeId id, bool up) {
  const std::size_t n = at(id);
  if ((up_[n] != 0) == up) return;
  PerType& type = per_type_[type_of_[n]];
  const std::int32_t gpus = gpus_[n];
  const std::uint64_t bit = std::uint64_t{1} << (n % 64);
  const std::size_t word = n / 64;
  const std::size_t level = type.first_level + static_cast<std::size_t>(gpus);
  assert(up || std::popcount(free_[n]) == gpus);
  up_[n] = up ? 1 : 0;
  free_[n] = up ? mask_of(gpus) : 0;
  levels_[level * words_ + word] ^= bit;
  wholly_free_[type_of_[n] * words_ + word] ^= bit;
  level_size_[level] += up ? 1 : -1;
  up_nodes_[level] += up ? 1 : -1;
  type.free_gpus += up ? gpus : -gpus;
  type.up_gpus += up ? gpus : -gpus;
  type.largest_up = up ? std::max(type.largest_up, gpus) : type.largest_node;
  while (type.largest_up > 0 &&
         up_nodes_[type.first_level + static_cast<std::size_t>(type.largest_up)] == 0)
    --type.largest_up;
}

}  // namespace orrery::platform
