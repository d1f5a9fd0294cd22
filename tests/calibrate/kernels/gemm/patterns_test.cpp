// docs/systems/tvw.md, "Invariants", 5, for every pattern and instruction set: compact,
// multiply and scatter is the masked dense product.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "calibrate/kernels/gemm/reference.hpp"
#include "models/base/random.hpp"
#include "models/sparsity/compaction.hpp"
#include "models/sparsity/prune.hpp"
#include "models/sparsity/score_field.hpp"
#include "tests/calibrate/kernels/gemm/ragged.hpp"

namespace {

using namespace orrery;
using namespace orrery::calibrate;
namespace sp = models::sparsity;
using test::between;
using test::random_values;

/// One layer, pruned by one pattern, with its product in double precision.
struct Product {
  sp::PruneOptions options;
  sp::TileLayout layout;  ///< exactly what is kept, or the panels around the 2:4 of TVW
  std::int64_t tokens = 1;
  std::vector<float> weights;  ///< as drawn, so that the layout has to leave out; of TVW masked
  std::vector<float> masked;
  std::vector<float> x;
  std::vector<double> wanted;
};

/// Patterns whose layout does not say all that is kept (EW, VW, TEW) run as panels of columns that
/// keep the same rows.
sp::TileLayout layout_to_run(const sp::PrunedLayer& pruned, const sp::PruneOptions& options) {
  if (pruned.layout && (pruned.layout->two_of_four || sp::mask_of(*pruned.layout) == pruned.mask))
    return *pruned.layout;
  return sp::layout_of(pruned.mask, options.panel_width);
}

Product random_product(std::uint64_t seed, sp::Pattern pattern) {
  base::RandomStream random(seed, "pattern products");
  // Every fourth layer is deeper than a block of the kernels' reduction.
  const std::int32_t rows = between(random, 1, seed % 4 == 0 ? 1400 : 120);
  const std::int32_t columns = between(random, 1, 130);
  Product made;
  made.options = {.pattern = pattern,
                  .sparsity = 0.5 + 0.4 * random.uniform(),
                  .panel_width = between(random, 1, 48),
                  .block_size = between(random, 1, 32),
                  .row_unit = random.uniform() < 0.3 ? 8 : 1};
  made.tokens = between(random, 1, 120);
  const auto scores = sp::score_field({{"w", rows, columns}}, seed, 0.4);
  const sp::PrunedLayer pruned = sp::prune(scores, made.options).front();
  made.layout = layout_to_run(pruned, made.options);
  made.weights = random_values(random, std::int64_t{rows} * columns);
  made.masked = made.weights;
  for (std::size_t i = 0; i < made.masked.size(); ++i)
    if (pruned.mask.kept[i] == 0) made.masked[i] = 0;
  if (made.layout.two_of_four) made.weights = made.masked;
  made.x = random_values(random, rows * made.tokens);
  made.wanted = gemm::reference_product(made.masked, made.x, rows, columns, made.tokens);
  return made;
}

std::vector<float> run(const Product& made, const gemm::PackedWeights& packed, int threads,
                       gemm::Isa isa) {
  std::vector<float> y(made.wanted.size(), 1e30F);  // what is not written shows
  gemm::multiply(packed, made.x, y, made.tokens, threads, isa);
  return y;
}

constexpr std::uint64_t kSeeds = 40;
constexpr double kLargestError = 1e-5;

}  // namespace

TEST_CASE("5: every pattern multiplies like its masked dense matrix, on every instruction set") {
  struct Figures {
    double worst = 0;
    int same = 0;
  };
  std::map<gemm::Isa, Figures> figures;
  int cases = 0;
  for (const sp::Pattern pattern : sp::all_patterns()) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const Product made = random_product(seed, pattern);
      const auto packed = gemm::pack(made.layout, made.weights);
      const auto dense =
          gemm::pack(gemm::dense_layout(made.layout.rows, made.layout.columns), made.masked);
      ++cases;
      for (const gemm::Isa isa : gemm::available_isas()) {
        Figures& mine = figures[isa];
        INFO(std::string(gemm::to_string(isa)), " seed ", seed, " pattern ", sp::name_of(pattern));
        const auto y = run(made, packed, 1 + static_cast<int>(seed % 3), isa);
        const double error = gemm::relative_error(y, made.wanted);
        CHECK(error < kLargestError);
        mine.worst = std::max(mine.worst, error);
        // Products with zeros add nothing, so that within one block of the reduction the dense
        // kernel forms the same sums in the same order.
        if (made.layout.rows > gemm::kBlockDepth) continue;
        const bool same = run(made, dense, 1, isa) == y;
        CHECK(same);
        mine.same += same ? 1 : 0;
      }
    }
  }
  for (const gemm::Isa isa : {gemm::Isa::scalar, gemm::Isa::avx2, gemm::Isa::avx512}) {
    const auto found = figures.find(isa);
    if (found == figures.end())
      fmt::print("invariant 5: {}: skipped, this machine lacks it\n", gemm::to_string(isa));
    else
      fmt::print(
          "invariant 5: {}: {} products, {} patterns, seeds 1 to {}: worst relative error against "
          "double {:.1e} (at most {:.0e}); {} of them bit for bit the masked dense product\n",
          gemm::to_string(isa), cases, sp::all_patterns().size(), kSeeds, found->second.worst,
          kLargestError, found->second.same);
  }
}
