#include "tests/models/network/progressive_filling.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace orrery::testing {

std::vector<double> max_min_rates(std::span<const double> capacity,
                                  std::span<const std::vector<models::Crossing>* const> flows) {
  std::vector<double> left(capacity.begin(), capacity.end());
  std::vector<double> weight(capacity.size(), 0);
  for (const auto* flow : flows)
    for (const models::Crossing& c : *flow) weight[c.link] += c.times;
  std::vector<double> rate(flows.size(), 0);
  std::vector<bool> frozen(flows.size(), false);
  double level = 0;
  for (std::size_t open = flows.size(); open > 0;) {
    double step = std::numeric_limits<double>::infinity();
    for (std::size_t l = 0; l < left.size(); ++l)
      if (weight[l] > 0) step = std::min(step, std::max(0.0, left[l] / weight[l]));
    level += step;
    // A link is full when what is left is rounding; then its flows stay at this level.
    std::vector<bool> full(left.size(), false);
    for (std::size_t l = 0; l < left.size(); ++l) {
      if (weight[l] == 0) continue;
      full[l] = left[l] / weight[l] <= step * (1 + 1e-14);
      left[l] -= step * weight[l];
    }
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (frozen[f]) continue;
      const bool stays = std::any_of(flows[f]->begin(), flows[f]->end(),
                                     [&](const auto& c) { return full[c.link]; });
      if (!stays) continue;
      frozen[f] = true;
      rate[f] = level;
      --open;
      for (const models::Crossing& c : *flows[f]) weight[c.link] -= c.times;
    }
  }
  return rate;
}

}  // namespace orrery::testing
