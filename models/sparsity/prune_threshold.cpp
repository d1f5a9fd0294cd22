#include "models/sparsity/prune_threshold.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>

#include "models/base/statistics.hpp"

namespace orrery::models::sparsity {

namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

/// Bits of floats that are not negative are in the order of their values; 0 is left for what is
/// lowered.
std::uint32_t key_of(float score) {
  return std::bit_cast<std::uint32_t>(score + 0.0F) + 1;
}

double value_of(std::uint32_t key) {
  return key == 0 ? -1.0 : static_cast<double>(std::bit_cast<float>(key - 1));
}

template <class Visit>
void for_each_key(const std::vector<Scores>& layers, const std::vector<const Mask*>& lowered,
                  Visit visit) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::vector<float>& values = layers[l].values;
    if (lowered.empty()) {
      for (const float value : values) visit(key_of(value));
    } else {
      const std::vector<std::uint8_t>& low = lowered[l]->kept;
      for (std::size_t i = 0; i < values.size(); ++i)
        visit(low[i] != 0 ? std::uint32_t{0} : key_of(values[i]));
    }
  }
}

}  // namespace

double prune_threshold(std::vector<double> values, double share) {
  assert(share >= 0 && share <= 1);
  if (values.empty() || share <= 0) return kNone;
  return base::quantile(std::move(values), share);
}

double prune_threshold_of_elements(const std::vector<Scores>& layers, double share,
                                   const std::vector<const Mask*>& lowered) {
  assert(share >= 0 && share <= 1);
  std::size_t count = 0;
  for (const Scores& layer : layers) count += layer.values.size();
  if (count == 0 || share <= 0) return kNone;
  const base::QuantileRanks ranks = base::quantile_ranks(count, share);

  constexpr int kShift = 16;
  std::vector<std::size_t> counts(std::size_t{1} << kShift);
  for_each_key(layers, lowered, [&](std::uint32_t key) { ++counts[key >> kShift]; });
  std::size_t bucket = 0;
  std::size_t before = 0;
  while (before + counts[bucket] <= ranks.lower) before += counts[bucket++];

  // The next rank is in the same bucket or the least of the values above it.
  std::vector<std::uint32_t> inside;
  inside.reserve(counts[bucket]);
  std::uint32_t above = std::numeric_limits<std::uint32_t>::max();
  for_each_key(layers, lowered, [&](std::uint32_t key) {
    if ((key >> kShift) == bucket)
      inside.push_back(key);
    else if ((key >> kShift) > bucket)
      above = std::min(above, key);
  });
  const auto at = inside.begin() + static_cast<std::ptrdiff_t>(ranks.lower - before);
  std::nth_element(inside.begin(), at, inside.end());
  std::uint32_t upper = *at;
  if (ranks.upper != ranks.lower)
    upper = at + 1 == inside.end() ? above : *std::min_element(at + 1, inside.end());
  return ranks.between(value_of(*at), value_of(upper));
}

}  // namespace orrery::models::sparsity
