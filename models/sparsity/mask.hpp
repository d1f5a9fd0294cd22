// Which elements of a weight matrix are kept, and what that keeps of the scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

/// One byte for each element of a K x N matrix, row after row: 1 kept, 0 pruned.
struct Mask {
  std::int32_t rows = 0;
  std::int32_t columns = 0;
  std::vector<std::uint8_t> kept;

  Mask() = default;
  Mask(std::int32_t rows_in, std::int32_t columns_in, bool all)
      : rows(rows_in),
        columns(columns_in),
        kept(static_cast<std::size_t>(rows_in) * static_cast<std::size_t>(columns_in),
             all ? 1 : 0) {}

  std::uint8_t* row(std::int32_t k) { return kept.data() + offset(k); }
  const std::uint8_t* row(std::int32_t k) const { return kept.data() + offset(k); }
  bool operator==(const Mask&) const = default;

 private:
  std::size_t offset(std::int32_t k) const {
    return static_cast<std::size_t>(k) * static_cast<std::size_t>(columns);
  }
};

/// How many elements a mask keeps.
std::size_t kept_count(const Mask& mask);

/// Share of the elements that is pruned; 0 for a matrix without elements.
double sparsity_of(const Mask& mask);

/// Sums of squares of scores.
struct ScoreMass {
  double kept = 0;
  double total = 0;
  /// sum(kept S^2) / sum(S^2), our proxy of accuracy; 1 where all scores are zero.
  double share() const { return total > 0 ? kept / total : 1; }
};

/// Of one layer; `mask` has the shape of `scores`.
ScoreMass score_mass(const Scores& scores, const Mask& mask);

/// The most of sum(S^2) that any mask over all layers keeps with `count` elements (at most as many
/// as there are): their `count` largest.
double most_mass(const std::vector<Scores>& layers, std::size_t count);

}  // namespace orrery::models::sparsity
