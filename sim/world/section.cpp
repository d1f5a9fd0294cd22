#include "sim/world/section.hpp"

#include <algorithm>
#include <cassert>

namespace orrery::world {

const Figure& figure(const std::vector<Figure>& figures, const std::string& key) {
  const auto found = std::ranges::find(figures, key, &Figure::key);
  assert(found != figures.end() && "a figure is declared before it is asked for");
  return *found;
}

void set(std::vector<Figure>& figures, const std::string& key, std::optional<double> value) {
  const auto found = std::ranges::find(figures, key, &Figure::key);
  assert(found != figures.end() && "a figure is declared before it gets a value");
  found->value = value;
}

}  // namespace orrery::world
