#include "sim/world/world.hpp"

namespace orrery::world {

base::Registry<WorldKind>& kinds() {
  static base::Registry<WorldKind> all("kind of world");
  return all;
}

}  // namespace orrery::world
