// docs/systems/tvw.md, "Invariants", 2 to 4: the structure of tile-wise masks, over seeds,
// ragged shapes, panel widths, sparsities and row units.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "models/base/random.hpp"
#include "models/sparsity/prune.hpp"
#include "tests/models/sparsity/naive_patterns.hpp"

using namespace orrery::models::sparsity;
using orrery::base::RandomStream;

namespace {

std::vector<std::int32_t> kept_rows(const Mask& mask, std::int32_t column) {
  std::vector<std::int32_t> rows;
  for (std::int32_t k = 0; k < mask.rows; ++k)
    if (mask.row(k)[column] != 0) rows.push_back(k);
  return rows;
}

/// Every layer of every seed pruned by each of `patterns`.
int over_cases(const std::vector<Pattern>& patterns,
               const std::function<void(const Scores&, const PrunedLayer&, std::size_t)>& visit) {
  int cases = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    RandomStream random(seed, "structure");
    const auto layers = random_layers(seed);
    for (const Pattern pattern : patterns) {
      const PruneOptions options{.pattern = pattern,
                                 .sparsity = 0.5 + 0.45 * random.uniform(),
                                 .panel_width = static_cast<std::int32_t>(1 + random.below(40)),
                                 .row_unit = random.uniform() < 0.3 ? 8 : 1};
      const auto pruned = prune(layers, options);
      for (std::size_t l = 0; l < layers.size(); ++l) {
        INFO("seed ", seed, " pattern ", name_of(pattern), " sparsity ", options.sparsity, " G ",
             options.panel_width, " row unit ", options.row_unit, " layer ", l);
        visit(layers[l], pruned[l], static_cast<std::size_t>(options.panel_width));
        ++cases;
      }
    }
  }
  return cases;
}

}  // namespace

TEST_CASE("2: a column of a TW mask is all zero or has its panel's rows") {
  const int cases = over_cases({Pattern::tw1, Pattern::tw2},
                               [](const Scores& scores, const PrunedLayer& layer, std::size_t) {
                                 CHECK_NOTHROW(check(*layer.layout));
                                 std::vector<bool> named(static_cast<std::size_t>(scores.columns));
                                 for (const Panel& panel : layer.layout->panels)
                                   for (const std::int32_t n : panel.columns) {
                                     named[static_cast<std::size_t>(n)] = true;
                                     REQUIRE(kept_rows(layer.mask, n) == panel.rows);
                                   }
                                 for (std::int32_t n = 0; n < scores.columns; ++n)
                                   if (!named[static_cast<std::size_t>(n)])
                                     REQUIRE(kept_rows(layer.mask, n).empty());
                               });
  fmt::print("invariant 2: columns are zero or have their panel's rows: {} layers, seeds 1 to 60\n",
             cases);
}

TEST_CASE("3: a panel has exactly G survivors but the last") {
  const int cases =
      over_cases({Pattern::tw1, Pattern::tw2, Pattern::tvw},
                 [](const Scores& scores, const PrunedLayer& layer, std::size_t width) {
                   const auto& panels = layer.layout->panels;
                   for (std::size_t p = 0; p < panels.size(); ++p) {
                     if (p + 1 < panels.size()) REQUIRE(panels[p].columns.size() == width);
                     REQUIRE(panels[p].columns.size() <= width);
                     REQUIRE_FALSE(panels[p].columns.empty());
                   }
                   // What is kept stands in panels: none is forgotten at the right edge.
                   std::size_t covered = 0;
                   for (const Panel& panel : panels)
                     covered += panel.rows.size() * panel.columns.size();
                   if (!layer.layout->two_of_four) REQUIRE(covered == kept_count(layer.mask));
                   REQUIRE(covered <= static_cast<std::size_t>(scores.rows) *
                                          static_cast<std::size_t>(scores.columns));
                 });
  fmt::print("invariant 3: panels have G survivors but the last: {} layers, seeds 1 to 60\n",
             cases);
}

TEST_CASE("4: of four surviving rows of a panel TVW keeps two in each column, the largest") {
  const int cases =
      over_cases({Pattern::tvw}, [](const Scores& scores, const PrunedLayer& layer, std::size_t) {
        std::size_t inside = 0;
        for (const Panel& panel : layer.layout->panels)
          for (const std::int32_t n : panel.columns)
            for (std::size_t first = 0; first < panel.rows.size(); first += 4) {
              const std::size_t end = std::min(first + 4, panel.rows.size());
              std::size_t kept = 0;
              float least_kept = 1e30F;
              float most_pruned = 0;
              for (std::size_t i = first; i < end; ++i) {
                const float score = scores.row(panel.rows[i])[n];
                const bool stays = layer.mask.row(panel.rows[i])[n] != 0;
                kept += stays ? 1 : 0;
                if (stays) least_kept = std::min(least_kept, score);
                if (!stays) most_pruned = std::max(most_pruned, score);
              }
              REQUIRE(kept == std::min<std::size_t>(2, end - first));
              REQUIRE(least_kept >= most_pruned);
              inside += kept;
            }
        REQUIRE(inside == kept_count(layer.mask));
      });
  fmt::print("invariant 4: at most two of four surviving rows: {} layers, seeds 1 to 60\n", cases);
}
