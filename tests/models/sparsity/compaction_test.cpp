// docs/systems/tvw.md, "Invariants", 5: compact, multiply, scatter is the masked dense product.
#include "models/sparsity/compaction.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "models/base/random.hpp"
#include "models/sparsity/mask_propagation.hpp"
#include "models/sparsity/prune.hpp"
#include "models/sparsity/two_of_four.hpp"
#include "tests/models/sparsity/naive_patterns.hpp"

using namespace orrery::models::sparsity;
using orrery::base::RandomStream;

namespace {

constexpr std::int32_t kTokens = 5;
using Product = std::vector<double>;

std::size_t product(std::int32_t a, std::int32_t b) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
}

std::size_t at(std::int32_t row, std::int32_t column, std::int32_t columns) {
  return product(row, columns) + static_cast<std::size_t>(column);
}

std::vector<float> random_values(RandomStream& random, std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(random.normal()));
  return values;
}

/// X (tokens x K) times the kept part of W.
Product masked_product(const std::vector<float>& x, const std::vector<float>& w, const Mask& mask) {
  Product y(static_cast<std::size_t>(kTokens * mask.columns));
  for (std::int32_t m = 0; m < kTokens; ++m)
    for (std::int32_t k = 0; k < mask.rows; ++k)
      for (std::int32_t n = 0; n < mask.columns; ++n)
        if (mask.row(k)[n] != 0)
          y[at(m, n, mask.columns)] += static_cast<double>(x[at(m, k, mask.rows)]) *
                                       static_cast<double>(w[at(k, n, mask.columns)]);
  return y;
}

/// The same by the layout: gather rows, multiply the compacted panel, scatter columns. TVW goes
/// through its packed form.
Product layout_product(const std::vector<float>& x, const std::vector<float>& w,
                       const TileLayout& layout, const Mask& mask) {
  Product y(static_cast<std::size_t>(kTokens * layout.columns));
  for (const Panel& panel : layout.panels) {
    const auto rows = static_cast<std::int32_t>(panel.rows.size());
    const auto columns = static_cast<std::int32_t>(panel.columns.size());
    std::vector<float> values = compact(layout, panel, w, &mask);
    if (layout.two_of_four)
      values = unpack_two_of_four(pack_two_of_four(values, rows, columns), rows);
    for (std::int32_t m = 0; m < kTokens; ++m)
      for (std::int32_t i = 0; i < rows; ++i)
        for (std::int32_t j = 0; j < columns; ++j)
          y[at(m, panel.columns[static_cast<std::size_t>(j)], layout.columns)] +=
              static_cast<double>(x[at(m, panel.rows[static_cast<std::size_t>(i)], layout.rows)]) *
              static_cast<double>(values[at(i, j, columns)]);
  }
  return y;
}

}  // namespace

TEST_CASE("5: compact, multiply and scatter is the masked dense product") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "product");
    const auto layers = random_layers(seed);
    for (const Pattern pattern :
         {Pattern::ew, Pattern::vw, Pattern::bw, Pattern::tw1, Pattern::tw2, Pattern::tvw}) {
      const auto pruned =
          prune(layers, {.pattern = pattern, .sparsity = 0.8, .panel_width = 16, .block_size = 8});
      for (std::size_t l = 0; l < layers.size(); ++l) {
        const Mask& mask = pruned[l].mask;
        const auto w = random_values(random, mask.kept.size());
        const auto x = random_values(random, product(kTokens, mask.rows));
        const TileLayout layout = pruned[l].layout ? *pruned[l].layout : layout_of(mask, 16);
        INFO("seed ", seed, " pattern ", name_of(pattern));
        CHECK(layout_product(x, w, layout, mask) == masked_product(x, w, mask));
        CHECK(mask_of(layout_of(mask, 16)) == mask);
      }
    }
  }
}

TEST_CASE("rows that read pruned outputs go, and the result stays") {
  std::size_t dropped = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "propagation");
    auto first = random_layers(seed)[0];
    Scores second = random_layers(seed + 100)[0];
    second.rows = first.columns * 2;  // two places of a window, channels fastest
    second.values.assign(product(second.rows, second.columns), 0);
    for (float& value : second.values) value = static_cast<float>(random.uniform());
    for (const Pattern pattern : {Pattern::tw2, Pattern::tvw}) {
      const PruneOptions options{.pattern = pattern, .sparsity = 0.8, .panel_width = 16};
      const auto live = live_outputs(*prune({first}, options)[0].layout);
      const auto pruned = prune({second}, options)[0];
      const TileLayout smaller = drop_dead_rows(*pruned.layout, live);
      const auto w = random_values(random, second.values.size());
      auto x = random_values(random, product(kTokens, second.rows));
      for (std::int32_t m = 0; m < kTokens; ++m)
        for (std::int32_t k = 0; k < second.rows; ++k)
          if (live[static_cast<std::size_t>(k % first.columns)] == 0) x[at(m, k, second.rows)] = 0;
      INFO("seed ", seed, " pattern ", name_of(pattern));
      CHECK(layout_product(x, w, smaller, pruned.mask) == masked_product(x, w, pruned.mask));
      for (std::size_t p = 0; p < smaller.panels.size(); ++p)
        dropped += pruned.layout->panels[p].rows.size() - smaller.panels[p].rows.size();
    }
  }
  CHECK(dropped > 100);
  CHECK_THROWS_AS(drop_dead_rows({3, 1, {}, false}, {1, 1}), std::invalid_argument);
}
