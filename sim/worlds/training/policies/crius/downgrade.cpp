#include "sim/worlds/training/policies/crius/downgrade.hpp"

namespace orrery::policies::crius {

void halve(SlotMap& slots, JobId job) {
  const auto held = slots.pieces(job);
  if (held.size() == 1) {
    const Piece only = held.front();
    std::uint64_t given = only.slots;
    for (int keep = std::popcount(only.slots) / 2; keep > 0; --keep) given &= given - 1;
    slots.release(only.node, given, job);
    return;
  }
  std::vector<Piece> by_free(held.begin(), held.end());
  std::ranges::stable_sort(by_free, std::less<>(),
                           [&](const Piece& piece) { return slots.free_on(piece.node); });
  for (std::size_t i = 0; i < by_free.size() / 2; ++i)
    slots.release(by_free[i].node, by_free[i].slots, job);
}

}  // namespace orrery::policies::crius
