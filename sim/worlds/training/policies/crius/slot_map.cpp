#include "sim/worlds/training/policies/crius/slot_map.hpp"

#include <algorithm>
#include <cassert>

namespace orrery::policies::crius {

namespace {

std::uint64_t lowest(std::uint64_t from, std::int32_t count) {
  std::uint64_t chosen = 0;
  for (; count > 0; --count) {
    assert(from != 0 && "fewer GPUs are free than are taken");
    const std::uint64_t bit = from & (~from + 1);
    chosen |= bit;
    from ^= bit;
  }
  return chosen;
}

// Finaliser of splitmix64: spreads a piece over 64 bits.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

std::uint64_t hash_of(const Piece& piece, JobId job) {
  const auto place = static_cast<std::uint64_t>(piece.node) << 32U | job.index();
  return mixed(mixed(place + 0x9e3779b97f4a7c15ULL) ^ piece.slots);
}

template <class Visit>
void for_each_bit(std::uint64_t word, Visit visit) {
  for (; word != 0; word &= word - 1) visit(std::countr_zero(word));
}

}  // namespace

void SlotMap::load_nodes(const View& view) {
  const std::size_t count = view.nodes.size();
  const std::size_t types = view.free->types();
  nodes_.resize(count);
  types_.resize(types);
  for (Type& type : types_) {
    type.nodes.clear();
    type.capacity = 0;
    type.free_gpus = 0;
  }
  std::size_t slots = 0;
  for (std::size_t n = 0; n < count; ++n) {
    const platform::NodeInfo& info = view.nodes[n];
    Node& node = nodes_[n];
    const bool up = view.free->is_up(platform::NodeId(n));
    const std::uint64_t all =
        info.gpus >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << info.gpus) - 1;
    node.all = up ? all & ~view.free->withheld_on(platform::NodeId(n)) : 0;
    node.gpus = std::popcount(node.all);
    node.free = node.all;
    node.free_gpus = node.gpus;
    node.lent = 0;
    node.first_slot = slots;
    node.type = static_cast<std::uint32_t>(info.type.index());
    slots += static_cast<std::size_t>(info.gpus);
    if (!up) continue;
    Type& type = types_[node.type];
    node.index_in_type = static_cast<std::uint32_t>(type.nodes.size());
    type.nodes.push_back(static_cast<std::uint32_t>(n));
    type.capacity = std::max(type.capacity, node.gpus);
    type.free_gpus += node.gpus;
  }
  owners_.assign(slots, Owner::nobody());
  for (Type& type : types_) {
    type.words = (type.nodes.size() + 63) / 64;
    type.idle.assign(type.words, 0);
    type.partial.assign(type.words * (static_cast<std::size_t>(type.capacity) + 1), 0);
    for (const std::uint32_t n : type.nodes) file(nodes_[n], true);
  }
}

void SlotMap::load(const View& view) {
  load_nodes(view);
  pieces_.resize(view.jobs.size());
  gpus_.resize(view.jobs.size());
  for (const JobId job : loaded_) {
    pieces_[job.index()].clear();
    gpus_[job.index()] = 0;
  }
  loaded_.clear();
  hash_ = 0;
  for (const JobId job : view.running)
    for (const platform::NodeShare& share : view.placements[job.index()])
      take(static_cast<std::uint32_t>(share.node.index()), share.slots, job);
  log_.clear();
}

void SlotMap::file(const Node& node, bool in) {
  Type& type = types_[node.type];
  const std::int32_t free = node.free_gpus;
  if (free == 0) return;
  const std::size_t word = node.index_in_type / 64;
  const std::uint64_t bit = std::uint64_t{1} << (node.index_in_type % 64);
  std::uint64_t& bits = free == node.gpus
                            ? type.idle[word]
                            : type.partial[static_cast<std::size_t>(free) * type.words + word];
  bits = in ? bits | bit : bits & ~bit;
}

std::uint64_t SlotMap::slots_on(JobId job, std::uint32_t node) const {
  for (const Piece& piece : pieces(job))
    if (piece.node == node) return piece.slots;
  return 0;
}

Locality SlotMap::locality(JobId job) const {
  const auto held = pieces(job);
  if (held.size() == 1) return {1, gpus_of(job)};
  std::int32_t smallest = std::popcount(held.front().slots);
  for (const Piece& piece : held) smallest = std::min(smallest, std::popcount(piece.slots));
  return {static_cast<std::int32_t>(held.size()), smallest};
}

void SlotMap::jobs_on(std::size_t type, std::vector<JobId>& jobs) const {
  jobs.clear();
  for (const std::uint32_t n : types_[type].nodes) {
    std::uint64_t used = used_slots(n);
    while (used != 0) {
      const JobId job = owner(n, std::countr_zero(used)).id();
      const auto held = pieces(job);
      if (held.front().node == n) jobs.push_back(job);
      used &= ~slots_on(job, n);
    }
  }
}

void SlotMap::idle_nodes(std::size_t id, std::int32_t gpus, std::size_t most,
                         std::vector<std::uint32_t>& nodes) const {
  nodes.clear();
  const Type& type = types_[id];
  for (std::size_t w = 0; w < type.words; ++w) {
    for (std::uint64_t bits = type.idle[w]; bits != 0; bits &= bits - 1) {
      if (nodes.size() == most) return;
      const std::uint32_t n = type.nodes[w * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
      if (nodes_[n].gpus >= gpus) nodes.push_back(n);
    }
  }
}

void SlotMap::partial_nodes(std::size_t id, std::int32_t gpus,
                            std::vector<std::uint32_t>& nodes) const {
  nodes.clear();
  const Type& type = types_[id];
  std::int32_t found = 0;
  for (std::int32_t free = type.capacity; free > 0; --free) {
    const std::uint64_t* level = &type.partial[static_cast<std::size_t>(free) * type.words];
    for (std::size_t w = 0; w < type.words; ++w) {
      for (std::uint64_t bits = level[w]; bits != 0; bits &= bits - 1) {
        nodes.push_back(type.nodes[w * 64 + static_cast<std::size_t>(std::countr_zero(bits))]);
        found += free;
        if (found >= gpus) return;
      }
    }
  }
}

void SlotMap::add_piece(std::uint32_t node, std::uint64_t slots, JobId job) {
  std::vector<Piece>& held = pieces_[job.index()];
  if (held.empty()) loaded_.push_back(job);
  auto at = held.end();
  while (at != held.begin() && std::prev(at)->node >= node) --at;
  if (at == held.end() || at->node != node) {
    at = held.insert(at, Piece{node, 0});
  } else {
    hash_ -= hash_of(*at, job);
  }
  at->slots |= slots;
  hash_ += hash_of(*at, job);
}

void SlotMap::remove_piece(std::uint32_t node, std::uint64_t slots, JobId job) {
  std::vector<Piece>& held = pieces_[job.index()];
  auto at = held.begin();
  while (at->node != node) ++at;
  hash_ -= hash_of(*at, job);
  at->slots &= ~slots;
  if (at->slots == 0)
    held.erase(at);
  else
    hash_ += hash_of(*at, job);
}

void SlotMap::apply(const Change& c) {
  Node& node = nodes_[c.node];
  for_each_bit(c.slots, [&](int slot) {
    Owner& owner = owners_[node.first_slot + static_cast<std::size_t>(slot)];
    assert(owner == c.from);
    owner = c.to;
  });
  if (c.from.is_lender()) node.lent &= ~c.slots;
  if (c.to.is_lender()) node.lent |= c.slots;
  const std::int32_t count = std::popcount(c.slots);
  if (c.from.is_job()) {
    remove_piece(c.node, c.slots, c.from.id());
    gpus_[c.from.id().index()] -= count;
  }
  if (c.to.is_job()) {
    add_piece(c.node, c.slots, c.to.id());
    gpus_[c.to.id().index()] += count;
  }
  if (c.from.is_job() == c.to.is_job()) return;
  file(node, false);
  node.free ^= c.slots;
  const std::int32_t freed = c.from.is_job() ? count : -count;
  node.free_gpus += freed;
  types_[node.type].free_gpus += freed;
  file(node, true);
}

void SlotMap::change(std::uint32_t node, Owner from, Owner to, std::uint64_t slots) {
  log_.push_back({node, from, to, slots});
  apply(log_.back());
}

void SlotMap::take_lowest(std::uint32_t node, std::int32_t gpus, JobId job) {
  take(node, lowest(nodes_[node].free, gpus), job);
}

void SlotMap::take(std::uint32_t n, std::uint64_t slots, JobId job) {
  assert((nodes_[n].free & slots) == slots && "a GPU is given twice");
  std::uint64_t lent = nodes_[n].lent & slots;
  if (lent != slots) change(n, Owner::nobody(), Owner::job(job), slots & ~lent);
  while (lent != 0) {
    const Owner from = owner(n, std::countr_zero(lent));
    std::uint64_t same = 0;
    for_each_bit(lent, [&](int slot) {
      if (owner(n, slot) == from) same |= std::uint64_t{1} << slot;
    });
    change(n, from, Owner::job(job), same);
    lent &= ~same;
  }
}

void SlotMap::release(std::uint32_t node, std::uint64_t slots, JobId job) {
  change(node, Owner::job(job), Owner::nobody(), slots);
}

void SlotMap::release_all(JobId job) {
  while (runs(job)) {
    const Piece last = pieces(job).back();
    release(last.node, last.slots, job);
  }
}

void SlotMap::lend_all(JobId job) {
  while (runs(job)) {
    const Piece last = pieces(job).back();
    change(last.node, Owner::job(job), Owner::lender(job), last.slots);
  }
}

std::uint64_t SlotMap::still_lent(std::uint32_t n, std::uint64_t slots, JobId job) const {
  std::uint64_t lent = 0;
  for_each_bit(nodes_[n].lent & slots, [&](int slot) {
    if (owner(n, slot) == Owner::lender(job)) lent |= std::uint64_t{1} << slot;
  });
  return lent;
}

void SlotMap::return_lent(std::uint32_t node, std::uint64_t slots, JobId job) {
  if (slots != 0) change(node, Owner::lender(job), Owner::job(job), slots);
}

void SlotMap::forget_lent(std::uint32_t node, std::uint64_t slots, JobId job) {
  if (slots != 0) change(node, Owner::lender(job), Owner::nobody(), slots);
}

void SlotMap::exchange(std::uint32_t a, std::uint32_t b) {
  std::vector<std::pair<JobId, std::uint64_t>> of_a, of_b;
  const auto vacate = [&](std::uint32_t n, auto& held) {
    while (used_slots(n) != 0) {
      const JobId job = owner(n, std::countr_zero(used_slots(n))).id();
      const std::uint64_t slots = slots_on(job, n);
      held.emplace_back(job, slots);
      release(n, slots, job);
    }
  };
  vacate(a, of_a);
  vacate(b, of_b);
  for (const auto& [job, slots] : of_a) take(b, slots, job);
  for (const auto& [job, slots] : of_b) take(a, slots, job);
}

void SlotMap::rollback(std::size_t mark) {
  while (log_.size() > mark) {
    const Change last = log_.back();
    apply({last.node, last.to, last.from, last.slots});
    log_.pop_back();
  }
}

void SlotMap::replay(std::span<const Change> changes) {
  for (const Change& c : changes) {
    log_.push_back(c);
    apply(c);
  }
}

void SlotMap::pieces_at(std::size_t mark, JobId job, std::vector<Piece>& held) const {
  const auto now = pieces(job);
  held.assign(now.begin(), now.end());
  const auto piece_on = [&](std::uint32_t node) -> Piece& {
    const auto at = std::lower_bound(held.begin(), held.end(), node,
                                     [](const Piece& p, std::uint32_t n) { return p.node < n; });
    if (at != held.end() && at->node == node) return *at;
    return *held.insert(at, Piece{node, 0});
  };
  for (std::size_t i = log_.size(); i > mark; --i) {
    const Change& c = log_[i - 1];
    if (c.to == Owner::job(job)) piece_on(c.node).slots &= ~c.slots;
    if (c.from == Owner::job(job)) piece_on(c.node).slots |= c.slots;
  }
  std::erase_if(held, [](const Piece& piece) { return piece.slots == 0; });
}

}  // namespace orrery::policies::crius
