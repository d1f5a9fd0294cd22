// docs/systems/tvw.md, "Invariants", 7: what the cost model makes of pruning.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/sparsity/prune.hpp"
#include "models/sparsity/score_field.hpp"
#include "tests/models/gemm/support.hpp"

using namespace orrery;
using namespace orrery::models::gemm;
using test::random_shape;
using test::round_machine;

namespace {

constexpr Tile kTile = {128, 128, TileClass::square};
constexpr std::uint64_t kSeeds = 60;

/// Follows one kernel from sparse to sparser.
struct Falling {
  double last = 1e9;
  double worst_rise = 0;  ///< of one step, as a share

  void step(const GemmWork& work, const GemmMachine& machine) {
    const double now = gemm_cost(work, machine).seconds;
    // Runs get shorter with s, and the gather penalty grows before a whole step of K is saved.
    const bool gathers = machine.dense.gather_efficiency < 1;
    const double slack =
        gathers && !work.panels.empty() ? 32.0 / static_cast<double>(work.panels.back().rows) : 0;
    CHECK(now <= last * (1 + slack + 1e-12));
    worst_rise = std::max(worst_rise, now / last - 1);
    last = now;
  }
};

}  // namespace

TEST_CASE("7: pruning more never costs more") {
  double rise[2] = {0, 0};  // without and with a penalty for gathers
  int steps = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "gemm monotone");
    GemmMachine machine = round_machine();
    machine.order = random.uniform() < 0.5 ? TileOrder::panels : TileOrder::blocks;
    machine.dense.gather_efficiency = random.uniform() < 0.5 ? 1 : 0.7;
    const GemmShape shape = random_shape(random);
    const auto width = static_cast<std::int32_t>(32 << random.below(4));
    const double imbalance = random.uniform() < 0.5 ? 0 : 0.5 * random.uniform();
    Falling tw;
    Falling tvw;
    Falling blocks;
    Falling csr;
    for (int step = 0; step < 40; ++step) {
      const double s = 0.025 * step;
      CAPTURE(s);
      tw.step(uniform_work(shape, {GemmKernel::tw, s, width, imbalance}), machine);
      if (s >= 0.5) tvw.step(uniform_work(shape, {GemmKernel::tvw, s, width, imbalance}), machine);
      blocks.step(block_work(shape, s), machine);
      csr.step(csr_work(shape, s), machine);
      steps += s >= 0.5 ? 4 : 3;
    }
    double& worst = rise[machine.dense.gather_efficiency < 1 ? 1 : 0];
    for (const Falling& one : {tw, tvw, blocks, csr}) worst = std::max(worst, one.worst_rise);
    // Over many steps of K the penalty never eats the gain.
    CHECK(tw.last <= gemm_cost(dense_work(shape), machine).seconds * 1.1);
  }
  CHECK(rise[0] <= 1e-12);
  fmt::print(
      "invariant 7: cost falls with s: {} steps of TW, TVW, BW and CSR, seeds 1 to {}: worst rise "
      "{:.1f} % without a gather penalty (at most 0), {:.2f} % with one (at most one step of K)\n",
      steps, kSeeds, 100 * rise[0], 100 * rise[1]);
}

TEST_CASE("7: TW with nothing pruned costs what dense costs with the same tile") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "gemm unpruned");
    GemmMachine machine = round_machine();
    machine.order = seed % 2 == 0 ? TileOrder::panels : TileOrder::blocks;
    const GemmShape shape = random_shape(random);
    const double dense = gemm_cost(dense_work(shape), machine, kTile).seconds;
    const double tw =
        gemm_cost(uniform_work(shape, {GemmKernel::tw, 0, 128, 0}), machine, kTile).seconds;
    CHECK(tw / dense == doctest::Approx(1).epsilon(0.1));
    worst = std::max(worst, std::abs(tw / dense - 1));
  }
  fmt::print(
      "invariant 7: model(s = 0, TW) against dense with the same tile, {} shapes, seeds 1 to {}: "
      "worst difference {:.1f} % (at most 10)\n",
      kSeeds, kSeeds, 100 * worst);
}

TEST_CASE("7: layouts of ranked scores cost less in the end, if not at every step") {
  // No property of each step: a short last panel keeps more rows than others (prune_steps.hpp), and
  // it comes and goes as columns fall.
  double worst = 0;
  int steps = 0;
  int rises = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    base::RandomStream random(seed, "gemm ranked");
    const auto rows = static_cast<std::int32_t>(200 + random.below(600));
    const auto columns = static_cast<std::int32_t>(200 + random.below(600));
    const auto scores = models::sparsity::score_field({{"w", rows, columns}}, seed, 0.3);
    for (const auto pattern : {models::sparsity::Pattern::tw1, models::sparsity::Pattern::tw2,
                               models::sparsity::Pattern::tvw}) {
      INFO("seed ", seed, " pattern ", name_of(pattern));
      double first = 0;
      double last = 0;
      for (int step = 0; step < 10; ++step) {
        const auto pruned =
            prune(scores, {.pattern = pattern, .sparsity = 0.5 + 0.05 * step, .panel_width = 64});
        const double now =
            gemm_cost(tile_work(*pruned.front().layout, 2048), round_machine()).seconds;
        if (step == 0) first = now;
        if (step > 0) {
          worst = std::max(worst, now / last - 1);
          rises += now > last ? 1 : 0;
          ++steps;
        }
        last = now;
      }
      CHECK(last < first);
    }
  }
  fmt::print(
      "invariant 7: cost of layouts of ranked scores, one layer, G 64, seeds 1 to 12: rises in {} "
      "of "
      "{} steps of 0.05, by at most {:.1f} % (no property, stated)\n",
      rises, steps, 100 * worst);
}
