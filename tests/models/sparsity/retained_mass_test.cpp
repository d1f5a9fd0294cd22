// docs/systems/tvw.md, "Invariants", 6, and "Retained mass": what each pattern
// retains of the scores' squares.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "models/sparsity/prune.hpp"
#include "models/sparsity/score_field.hpp"
#include "tests/models/sparsity/asked_sparsities.hpp"
#include "tests/models/sparsity/naive_patterns.hpp"

using namespace orrery::models::sparsity;
using orrery::test::kAskedSparsities;

namespace {

struct Retained {
  double mass = 0;  ///< sum of the squares of what is kept
  double most = 0;  ///< of any mask that keeps as many elements
};

Retained retained(const std::vector<Scores>& layers, const PruneOptions& options) {
  const auto pruned = prune(layers, options);
  Retained sum;
  std::size_t kept = 0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    sum.mass += score_mass(layers[l], pruned[l].mask).kept;
    kept += kept_count(pruned[l].mask);
  }
  sum.most = most_mass(layers, kept);
  return sum;
}

constexpr double kSigmas[] = {0, 0.25, 0.5, 1};

}  // namespace

TEST_CASE("6: no pattern retains more than EW, which is the maximum at its number of elements") {
  int cases = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto layers = random_layers(seed);
    for (const double sparsity : kAskedSparsities)
      for (const Pattern pattern : all_patterns()) {
        const Retained got = retained(
            layers, {.pattern = pattern, .sparsity = sparsity, .panel_width = 16, .block_size = 8});
        INFO("seed ", seed, " pattern ", name_of(pattern), " sparsity ", sparsity);
        CHECK(got.mass <= got.most * (1 + 1e-12));
        if (pattern == Pattern::ew) CHECK(got.mass == doctest::Approx(got.most).epsilon(1e-12));
        ++cases;
      }
  }
  fmt::print("invariant 6: no pattern retains more than EW: {} cases, seeds 1 to 40\n", cases);
}

TEST_CASE("6: EW retains no less than TEW and TEW no less than TW, in one and two dimensions" *
          doctest::test_suite("accuracy")) {
  int cases = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<std::vector<Scores>> fields = {random_layers(seed)};
    for (const double sigma : kSigmas)
      fields.push_back(score_field({{"a", 96, 96}, {"b", 96, 192}, {"c", 192, 96}}, seed, sigma));
    for (std::size_t f = 0; f < fields.size(); ++f)
      for (const double sparsity : kAskedSparsities) {
        const auto mass = [&](Pattern pattern) {
          return retained(fields[f], {.pattern = pattern, .sparsity = sparsity, .panel_width = 16})
              .mass;
        };
        INFO("seed ", seed, " field ", f, " sparsity ", sparsity);
        const double most = mass(Pattern::ew);
        CHECK(most >= mass(Pattern::tw1m));
        CHECK(mass(Pattern::tw1m) >= mass(Pattern::tw1));
        CHECK(most >= mass(Pattern::tw2m));
        CHECK(mass(Pattern::tw2m) >= mass(Pattern::tw2));
        ++cases;
      }
  }
  fmt::print("invariant 6: EW >= TEW >= TW in one and two dimensions: {} cases, seeds 1 to 20\n",
             cases);
}

TEST_CASE("6: whether TW retains more than BW, shown" * doctest::test_suite("accuracy")) {
  // docs/systems/tvw.md, "Retained mass": this is not a property, as blocks of 32 x 32 against
  // tiles as wide as G.
  constexpr int kSeeds = 4;
  const std::vector<std::pair<const char*, std::vector<LayerShape>>> sets = {
      {"K of 512", {{"a", 512, 512}, {"b", 512, 768}}},
      {"K of 256 and 512", {{"a", 256, 768}, {"b", 512, 512}}},
      {"ragged", {{"a", 300, 417}, {"b", 451, 230}}}};
  for (const auto& [name, shapes] : sets)
    for (const double sigma : kSigmas) {
      std::map<Pattern, int> as_asked;
      std::map<Pattern, int> at_equal_count;
      int cases = 0;
      for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const auto layers = score_field(shapes, seed, sigma);
        for (const double sparsity : kAskedSparsities) {
          const Retained blocks = retained(layers, {.pattern = Pattern::bw, .sparsity = sparsity});
          for (const Pattern pattern : {Pattern::tw1, Pattern::tw2}) {
            const Retained tiles = retained(layers, {.pattern = pattern, .sparsity = sparsity});
            as_asked[pattern] += tiles.mass >= blocks.mass ? 1 : 0;
            at_equal_count[pattern] += tiles.mass * blocks.most >= blocks.mass * tiles.most ? 1 : 0;
          }
          ++cases;
        }
      }
      fmt::print(
          "TW >= BW (not a property, stated): {}, sigma {}: TW-1D in {} of {}, TW-2D in "
          "{}; "
          "as shares of what EW retains with as many elements {} and {}\n",
          name, sigma, as_asked[Pattern::tw1], cases, as_asked[Pattern::tw2],
          at_equal_count[Pattern::tw1], at_equal_count[Pattern::tw2]);
    }
}
