#include "models/sparsity/mask.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

namespace orrery::models::sparsity {

std::size_t kept_count(const Mask& mask) {
  std::size_t count = 0;
  for (const std::uint8_t kept : mask.kept) count += kept;
  return count;
}

double sparsity_of(const Mask& mask) {
  if (mask.kept.empty()) return 0;
  return 1 - static_cast<double>(kept_count(mask)) / static_cast<double>(mask.kept.size());
}

ScoreMass score_mass(const Scores& scores, const Mask& mask) {
  assert(scores.values.size() == mask.kept.size());
  ScoreMass mass;
  for (std::size_t i = 0; i < mask.kept.size(); ++i) {
    const double square = static_cast<double>(scores.values[i]) * scores.values[i];
    mass.total += square;
    mass.kept += mask.kept[i] != 0 ? square : 0;
  }
  return mass;
}

double most_mass(const std::vector<Scores>& layers, std::size_t count) {
  std::vector<float> all;
  for (const Scores& layer : layers)
    all.insert(all.end(), layer.values.begin(), layer.values.end());
  assert(count <= all.size());
  if (count < all.size())
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(),
                     std::greater<>());
  double mass = 0;
  for (std::size_t i = 0; i < count; ++i) mass += static_cast<double>(all[i]) * all[i];
  return mass;
}

}  // namespace orrery::models::sparsity
