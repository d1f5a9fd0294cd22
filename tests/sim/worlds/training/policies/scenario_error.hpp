// How a scenario that a policy refuses ends.
#pragma once

#include <string>

#include "models/base/error.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

namespace orrery::test {

/// The sentence of the error; empty when it ends without.
inline std::string error_of(const Scenario& scenario) {
  try {
    simulate(scenario);
  } catch (const base::Error& error) {
    return error.sentence();
  }
  return "";
}

}  // namespace orrery::test
