#include "sim/world/result_kinds.hpp"

namespace orrery::world {

base::Registry<ResultKind>& result_kinds() {
  static base::Registry<ResultKind> all("kind of world");
  return all;
}

}  // namespace orrery::world
