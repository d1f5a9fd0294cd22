#include "calibrate/kernels/ends_first.hpp"

namespace orrery::calibrate {

std::vector<std::size_t> ends_first(std::size_t count) {
  std::vector<std::size_t> order;
  if (count == 0) return order;
  std::vector<bool> taken(count, false);
  const auto take = [&](std::size_t i) {
    if (!taken[i]) order.push_back(i);
    taken[i] = true;
  };
  take(count - 1);
  take(0);
  for (std::size_t parts = 2; order.size() < count; parts *= 2)
    for (std::size_t part = parts - 1; part > 0; --part) take(part * (count - 1) / parts);
  return order;
}

}  // namespace orrery::calibrate
