#include "sim/worlds/training/policies/crius/swap_elimination.hpp"

#include <algorithm>

namespace orrery::policies::crius {

namespace {

bool on(std::span<const Piece> pieces, std::uint32_t node) {
  return std::ranges::any_of(pieces, [&](const Piece& piece) { return piece.node == node; });
}

/// Whole nodes before, as many others of the same type now.
bool same_but_elsewhere(const SlotMap& slots, std::span<const Piece> before,
                        std::span<const Piece> now) {
  if (before.empty() || now.empty() || before.size() != now.size()) return false;
  if (std::ranges::equal(before, now, {}, &Piece::node, &Piece::node)) return false;
  const std::uint32_t old_node = before.front().node;
  const std::uint32_t new_node = now.front().node;
  if (slots.type_of_node(old_node) != slots.type_of_node(new_node)) return false;
  const auto whole = [&](const Piece& piece) {
    return std::popcount(piece.slots) == slots.gpus_of_node(piece.node) &&
           slots.gpus_of_node(piece.node) == slots.gpus_of_node(old_node);
  };
  return std::ranges::all_of(before, whole) && std::ranges::all_of(now, whole);
}

}  // namespace

void eliminate_swaps(State& state, std::size_t mark) {
  SlotMap& slots = state.slots;
  if (slots.since(mark).empty()) return;
  std::vector<std::uint8_t> touched(state.view->jobs.size(), 0);
  std::size_t looked_at = mark;
  std::vector<Piece> before;
  for (const JobId job : state.running) {
    for (; looked_at < slots.mark(); ++looked_at) {
      const Change& change = slots.since(looked_at).front();
      if (change.from.is_job()) touched[change.from.id().index()] = 1;
      if (change.to.is_job()) touched[change.to.id().index()] = 1;
    }
    if (touched[job.index()] == 0) continue;
    slots.pieces_at(mark, job, before);
    if (!same_but_elsewhere(slots, before, slots.pieces(job))) continue;
    const std::vector<Piece> now(slots.pieces(job).begin(), slots.pieces(job).end());
    auto old = before.begin();
    for (const Piece& piece : now) {
      if (on(before, piece.node)) continue;
      while (on(now, old->node)) ++old;
      slots.exchange(piece.node, old->node);
      ++old;
    }
  }
}

}  // namespace orrery::policies::crius
