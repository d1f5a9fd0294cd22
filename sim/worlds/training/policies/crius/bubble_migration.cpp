#include "sim/worlds/training/policies/crius/bubble_migration.hpp"

#include <algorithm>
#include <array>

namespace orrery::policies::crius {

namespace {

/// What a job has on the nodes of a pair.
struct Part {
  JobId job;
  std::int32_t gpus = 0;
  std::uint32_t node = 0;  ///< the first of the pair on which it has some
  bool on_both = false;
};

/// At most 64 GPUs on each of two nodes.
struct Parts {
  std::array<Part, 128> list;
  std::size_t count = 0;
  std::span<Part> all() { return {list.data(), count}; }
};

/// Adds the jobs of a node in the order of their first slots.
void add_parts(const SlotMap& slots, std::uint32_t node, Parts& parts) {
  std::uint64_t used = slots.used_slots(node);
  while (used != 0) {
    const JobId job = slots.owner(node, std::countr_zero(used)).id();
    const std::uint64_t held = slots.slots_on(job, node);
    used &= ~held;
    const auto known = std::ranges::find(parts.all(), job, &Part::job);
    if (known == parts.all().end()) {
      parts.list[parts.count++] = {job, std::popcount(held), node, false};
    } else {
      known->gpus += std::popcount(held);
      known->on_both = true;
    }
  }
}

void vacate(SlotMap& slots, std::uint32_t node, const Part& part) {
  const std::uint64_t held = slots.slots_on(part.job, node);
  if (held != 0) slots.release(node, held, part.job);
}

/// Moves everything from one node to the other; false when a job is on both.
bool empty_into(SlotMap& slots, std::uint32_t from, std::uint32_t into) {
  Parts parts;
  add_parts(slots, from, parts);
  for (const Part& part : parts.all())
    if (slots.slots_on(part.job, into) != 0) return false;
  for (const Part& part : parts.all()) vacate(slots, from, part);
  for (const Part& part : parts.all()) slots.take_lowest(into, part.gpus, part.job);
  return true;
}

/// Lays the jobs of both nodes anew. False when a job on more nodes is on both, or when one finds
/// no place; the caller rolls back.
bool lay_anew(SlotMap& slots, std::uint32_t a, std::uint32_t b, Parts& parts) {
  const std::int32_t free_a = slots.free_on(a);
  const std::int32_t free_b = slots.free_on(b);
  add_parts(slots, a, parts);
  add_parts(slots, b, parts);
  for (const Part& part : parts.all())
    if (part.on_both && slots.pieces(part.job).size() > 2) return false;
  std::int32_t rest = 0;
  for (const Part& part : parts.all()) {
    vacate(slots, a, part);
    vacate(slots, b, part);
    rest += part.gpus;
  }
  std::ranges::stable_sort(parts.all(), std::greater<>(), &Part::gpus);
  const Part& largest = parts.list[0];
  const std::uint32_t first = largest.on_both ? (free_a <= free_b ? a : b) : largest.node;
  const std::uint32_t second = first == a ? b : a;
  for (const Part& part : parts.all()) {
    rest -= part.gpus;
    const bool others_fill_first = rest >= slots.free_on(first);
    std::uint32_t target = others_fill_first ? second : first;
    if (slots.free_on(target) < part.gpus) target = target == first ? second : first;
    if (slots.free_on(target) < part.gpus) return false;
    slots.take_lowest(target, part.gpus, part.job);
  }
  return true;
}

}  // namespace

double migrate_bubbles(SlotMap& slots, const Estimates& estimates,
                       std::span<const std::uint32_t> nodes, bool slower_too) {
  double change = 0;
  for (std::size_t i = 0; i < nodes.size() / 2; ++i) {
    const std::uint32_t a = nodes[i];
    const std::uint32_t b = nodes[nodes.size() - 1 - i];
    const std::int32_t free_a = slots.free_on(a);
    const std::int32_t free_b = slots.free_on(b);
    const std::uint32_t fuller = free_a >= free_b ? b : a;
    const std::uint32_t emptier = free_a >= free_b ? a : b;
    if (std::popcount(slots.used_slots(emptier)) < slots.free_on(fuller)) {
      empty_into(slots, emptier, fuller);
      continue;
    }
    const std::size_t mark = slots.mark();
    Parts parts;
    double before = 0;
    double after = 0;
    bool done = lay_anew(slots, a, b, parts);
    if (done && std::ranges::any_of(parts.all(), &Part::on_both)) {
      for (const Part& part : parts.all())
        if (part.on_both) after += estimates.of(part.job, slots);
      const auto changes = slots.since(mark);
      const std::vector<Change> redo(changes.begin(), changes.end());
      slots.rollback(mark);
      for (const Part& part : parts.all())
        if (part.on_both) before += estimates.of(part.job, slots);
      if (after >= before || slower_too)
        slots.replay(redo);
      else
        continue;
    }
    if (!done)
      slots.rollback(mark);
    else
      change += after - before;
  }
  return change;
}

}  // namespace orrery::policies::crius
