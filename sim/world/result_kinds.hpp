// What kinds of world declare of their results, by name: all that a report needs to know of a world
// to read the results of one again.
#pragma once

#include <string>

#include "models/base/registry.hpp"
#include "sim/world/section.hpp"

namespace orrery::world {

/// A world registers it in the file that declares its figures:
///
///   const auto* registered = world::result_kinds().add({"training-cluster", section});
struct ResultKind {
  std::string name;      ///< of the kind of world
  Section (*section)();  ///< everything it declares, without values and rows
};

base::Registry<ResultKind>& result_kinds();

}  // namespace orrery::world
