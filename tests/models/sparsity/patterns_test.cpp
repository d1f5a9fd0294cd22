// Every pattern against its rule written a second time, and cases small enough for a pencil.
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "models/sparsity/prune.hpp"
#include "models/sparsity/prune_threshold.hpp"
#include "models/sparsity/score_field.hpp"
#include "tests/models/sparsity/naive_patterns.hpp"

using namespace orrery::models::sparsity;

TEST_CASE("every pattern keeps exactly what its rule in the text keeps, over random layers") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const auto layers = random_layers(seed);
    for (const Pattern pattern : all_patterns()) {
      for (const double sparsity : {0.5, 0.6, 0.75, 0.93}) {
        for (const std::int32_t row_unit : {1, 8}) {
          const PruneOptions options{.pattern = pattern,
                                     .sparsity = sparsity,
                                     .panel_width = 16,
                                     .block_size = 8,
                                     .row_unit = row_unit};
          INFO("seed ", seed, " pattern ", name_of(pattern), " sparsity ", sparsity);
          const auto pruned = prune(layers, options);
          const auto expected = naive_masks(layers, options);
          for (std::size_t l = 0; l < layers.size(); ++l) REQUIRE(pruned[l].mask == expected[l]);
        }
      }
    }
  }
}

TEST_CASE("scores that are equal fall together, whatever the pattern") {
  Scores layer{"ties", 24, 24, {}};
  for (int i = 0; i < 24 * 24; ++i) layer.values.push_back(static_cast<float>(i % 3));
  for (const Pattern pattern : all_patterns()) {
    const PruneOptions options{
        .pattern = pattern, .sparsity = 0.6, .panel_width = 5, .block_size = 7};
    INFO("pattern ", name_of(pattern));
    CHECK(prune({layer}, options)[0].mask == naive_masks({layer}, options)[0]);
  }
}

TEST_CASE("the threshold is the quantile, and prunes nothing at a share of 0") {
  CHECK(prune_threshold({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(prune_threshold({4, 1, 3, 2}, 1) == 4);
  CHECK(prune_threshold({4, 1, 3, 2}, 0.25) == 1.75);
  CHECK(prune_threshold({7}, 0.9) == 7);
  CHECK(prune_threshold({3, 1}, 0) < -1e300);
  const std::vector<Scores> layers = {{"a", 1, 2, {4, 1}}, {"b", 2, 1, {3, 2}}};
  CHECK(prune_threshold_of_elements(layers, 0.5) == 2.5);
  CHECK(prune_threshold_of_elements(layers, 1) == 4);
}

TEST_CASE("tw1 of a matrix of two panels by hand") {
  // Panels of two columns; segment norms: left 5, 0.1.., 1.., right 1, 5, 0.5: half survive.
  const Scores layer{"hand",
                     3,
                     4,
                     {3, 4, 0, 1,     //
                      0, 0.1F, 3, 4,  //
                      1, 1, 0.5F, 0}};
  const auto pruned = prune({layer}, {.pattern = Pattern::tw1, .sparsity = 0.5, .panel_width = 2});
  CHECK(pruned[0].mask.kept == std::vector<std::uint8_t>{1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0});
  REQUIRE(pruned[0].layout->panels.size() == 2);
  CHECK(pruned[0].layout->panels[0].rows == std::vector<std::int32_t>{0, 2});
  CHECK(pruned[0].layout->panels[1].rows == std::vector<std::int32_t>{1});
}

TEST_CASE("tw2 at 75 % keeps 384 x 384 of 768 x 768") {
  const auto layers = score_field({{"w", 768, 768}}, 1, 0);
  const TileLayout layout =
      *prune(layers, {.pattern = Pattern::tw2, .sparsity = 0.75}).front().layout;
  REQUIRE(layout.panels.size() == 3);
  std::size_t rows = 0;
  for (const Panel& panel : layout.panels) rows += panel.rows.size();
  CHECK(rows == 3 * 384);
}

TEST_CASE("a layer that loses all its columns is ranked with zeros") {
  // Of the second layer no column survives; its four rows are a third of the segments, all below
  // the threshold, so that of the first layer's eight segments six stay and not four.
  Scores first{"a", 4, 4, {}};
  for (int i = 0; i < 16; ++i) first.values.push_back(static_cast<float>(20 + i));
  const Scores second{"b", 4, 4, std::vector<float>(16, 1)};
  const auto pruned =
      prune({first, second}, {.pattern = Pattern::tw2, .sparsity = 0.75, .panel_width = 2});
  CHECK(kept_count(pruned[1].mask) == 0);
  CHECK(pruned[1].layout->panels.empty());
  CHECK(pruned[0].layout->panels.size() == 2);
  CHECK(kept_count(pruned[0].mask) == 6 * 2);
}

TEST_CASE("tvw at one half is 2:4 of the whole matrix") {
  const Scores layer{"hand", 4, 2, {1, 5, 2, 5, 3, 5, 4, 5}};
  const auto pruned = prune({layer}, {.pattern = Pattern::tvw, .sparsity = 0.5});
  CHECK(pruned[0].mask.kept == std::vector<std::uint8_t>{0, 1, 0, 1, 1, 0, 1, 0});
  CHECK(pruned[0].layout->two_of_four);
}

TEST_CASE("a sparsity of zero prunes nothing") {
  const auto layers = random_layers(3);
  for (const Pattern pattern : {Pattern::ew, Pattern::vw, Pattern::bw, Pattern::tw1, Pattern::tw2})
    for (const auto& layer : prune(layers, {.pattern = pattern, .sparsity = 0}))
      CHECK(kept_count(layer.mask) == layer.mask.kept.size());
}

TEST_CASE("options that prune nothing sensible are refused") {
  CHECK_THROWS_AS(prune({}, {.sparsity = 1}), std::invalid_argument);
  CHECK_THROWS_AS(prune({}, {.sparsity = -0.1}), std::invalid_argument);
  CHECK_THROWS_AS(prune({}, {.pattern = Pattern::tvw, .sparsity = 0.4}), std::invalid_argument);
  CHECK_THROWS_AS(prune({}, {.pattern = Pattern::tw1m, .sparsity = 0.96}), std::invalid_argument);
  CHECK_THROWS_AS(prune({}, {.panel_width = 0}), std::invalid_argument);
  for (const Pattern pattern : all_patterns()) CHECK(pattern_named(name_of(pattern)) == pattern);
  CHECK_FALSE(pattern_named("tw3"));
}
