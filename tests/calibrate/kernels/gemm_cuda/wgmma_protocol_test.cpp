// The order in which the warps of the wgmma kernel wait and arrive, played in random order: nobody
// waits for ever, and no stage is overwritten before it was read for the last time.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"
#include "models/base/random.hpp"

using namespace orrery::calibrate::gemm_cuda;

namespace {

constexpr int slots = 4;

/// mbarrier: a phase is over when all arrivals came; a wait names the parity of a phase.
struct Barrier {
  int expected = 1;
  int pending = 1;
  std::uint32_t phase = 0;
  void arrive(int count) {
    REQUIRE(count <= pending);
    pending -= count;
    if (pending > 0) return;
    pending = expected;
    phase ^= 1;
  }
  bool over(std::uint32_t parity) const { return phase != parity; }
};

struct Step {
  enum Kind { await, arrive, copy, read_check } kind;
  int barrier = 0;
  std::uint32_t parity = 0;
  int count = 1;  ///< arrivals
  int slot = 0;
  int use = 0;  ///< which stage of all
};

// Barriers: full and empty of each slot, then the rings of tickets.
constexpr int full_of(int slot) {
  return slot;
}
constexpr int empty_of(int slot) {
  return slots + slot;
}
constexpr int ticket_of(int slot) {
  return 2 * slots + slot;
}
constexpr int ticket_read_of(int slot) {
  return 2 * slots + ticket_slots + slot;
}

/// What a gathering warp does for items of so many stages; warp 0 draws the tickets.
std::vector<Step> gather(const std::vector<int>& items, int warp) {
  std::vector<Step> steps;
  Cursor draw;
  Cursor stage;
  int use = 0;
  for (std::size_t item = 0; item <= items.size(); ++item) {
    if (warp == 0) {
      steps.push_back({Step::await, ticket_read_of(draw.slot), draw.parity ^ 1U});
      steps.push_back({Step::arrive, ticket_of(draw.slot), 0, ticket_arrivals});
    }
    steps.push_back({Step::await, ticket_of(draw.slot), draw.parity});
    steps.push_back({Step::arrive, ticket_read_of(draw.slot)});
    draw = next<ticket_slots>(draw);
    if (item == items.size()) break;
    for (int i = 0; i < items[item]; ++i, ++use) {
      steps.push_back({Step::await, empty_of(stage.slot), stage.parity ^ 1U});
      if (warp == 0) steps.push_back({Step::arrive, full_of(stage.slot)});
      steps.push_back({Step::copy, full_of(stage.slot), 0, warp_lanes, stage.slot, use});
      stage = next<slots>(stage);
    }
  }
  return steps;
}

std::vector<Step> consume(const std::vector<int>& items) {
  std::vector<Step> steps;
  Cursor draw;
  Cursor stage;
  int use = 0;
  const auto release = [&](int slot, int of) {
    // The last moment at which wgmma may still read the slot.
    steps.push_back({Step::read_check, 0, 0, 0, slot, of});
    steps.push_back({Step::arrive, empty_of(slot)});
  };
  for (std::size_t item = 0; item <= items.size(); ++item) {
    steps.push_back({Step::await, ticket_of(draw.slot), draw.parity});
    steps.push_back({Step::arrive, ticket_read_of(draw.slot)});
    draw = next<ticket_slots>(draw);
    if (item == items.size()) break;
    int before = 0;
    for (int i = 0; i < items[item]; ++i, ++use) {
      steps.push_back({Step::await, full_of(stage.slot), stage.parity});
      steps.push_back({Step::read_check, 0, 0, 0, stage.slot, use});
      if (i > 0) release(before, use - 1);
      before = stage.slot;
      stage = next<slots>(stage);
    }
    if (items[item] > 0) release(before, use - 1);
  }
  return steps;
}

struct Copy {
  int warp;
  Step step;
};

/// Plays all warps to the end in random order; false where nobody can go on.
bool play(const std::vector<int>& items, orrery::base::RandomStream& random) {
  std::vector<Barrier> barriers(2 * slots + 2 * ticket_slots);
  const auto made = [&](int barrier, int arrivals) {
    barriers[static_cast<std::size_t>(barrier)] = {arrivals, arrivals, 0};
  };
  for (int slot = 0; slot < slots; ++slot) {
    made(full_of(slot), full_arrivals);
    made(empty_of(slot), empty_arrivals);
  }
  for (int slot = 0; slot < ticket_slots; ++slot) {
    made(ticket_of(slot), ticket_arrivals);
    made(ticket_read_of(slot), ticket_read_arrivals);
  }
  std::vector<std::vector<Step>> warps;
  for (int warp = 0; warp < gather_warps; ++warp) warps.push_back(gather(items, warp));
  for (int warp = 0; warp < consumer_warps; ++warp) warps.push_back(consume(items));
  std::vector<std::size_t> at(warps.size(), 0);
  std::vector<Copy> flying;
  std::array<std::array<int, gather_warps>, slots> written{};
  for (auto& slot : written) slot.fill(-1);
  while (true) {
    // Choices: a warp whose next step is not a wait for a phase still open, or a copy that lands.
    std::vector<std::size_t> ready;
    for (std::size_t warp = 0; warp < warps.size(); ++warp) {
      if (at[warp] == warps[warp].size()) continue;
      const Step& step = warps[warp][at[warp]];
      const auto barrier = static_cast<std::size_t>(step.barrier);
      if (step.kind != Step::await || barriers[barrier].over(step.parity)) ready.push_back(warp);
    }
    const std::size_t choices = ready.size() + flying.size();
    if (choices == 0) break;
    const auto chosen = static_cast<std::size_t>(random.below(choices));
    if (chosen >= ready.size()) {
      // Copies land in any order, yet a thread's arrival comes after all its earlier copies.
      std::size_t copy = chosen - ready.size();
      for (std::size_t i = 0; i < copy; ++i) {
        if (flying[i].warp == flying[copy].warp) copy = i;
      }
      const Copy landed = flying[copy];
      flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(copy));
      written[static_cast<std::size_t>(landed.step.slot)][static_cast<std::size_t>(landed.warp)] =
          landed.step.use;
      barriers[static_cast<std::size_t>(landed.step.barrier)].arrive(landed.step.count);
      continue;
    }
    const std::size_t warp = ready[chosen];
    const Step& step = warps[warp][at[warp]++];
    if (step.kind == Step::arrive)
      barriers[static_cast<std::size_t>(step.barrier)].arrive(step.count);
    if (step.kind == Step::copy) flying.push_back({static_cast<int>(warp), step});
    if (step.kind == Step::read_check) {
      for (const int use : written[static_cast<std::size_t>(step.slot)]) REQUIRE(use == step.use);
    }
  }
  for (std::size_t warp = 0; warp < warps.size(); ++warp) {
    if (at[warp] != warps[warp].size()) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the warps of the wgmma kernel neither wait for ever nor overwrite what is read") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    orrery::base::RandomStream random(seed, "wgmma protocol");
    std::vector<int> items(static_cast<std::size_t>(random.below(9)));
    for (int& stages : items) stages = static_cast<int>(random.below(seed % 2 == 0 ? 3 : 10));
    CHECK(play(items, random));
  }
}
