// Everything that can be checked of runs without simulating them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/experiment/expansion.hpp"

namespace orrery::experiment {

/// Runs that differ in their policies only, as far as input goes.
struct CheckedInput {
  std::size_t runs = 0;
  std::string contents;  ///< of the worlds: `10 jobs`
  std::size_t nodes = 0;
  std::int32_t gpus = 0;
  std::string opened;  ///< files that no key names, see unnamed_files
};

/// Builds the platform and its worlds, once for all runs with the same input, and adds to their
/// run ids what they opened. Throws base::Error as the run itself would.
std::vector<CheckedInput> check_inputs(std::vector<RunPoint>& points);

/// What `orrery validate` prints.
std::string to_text(const std::vector<RunPoint>& points, const std::vector<CheckedInput>& inputs);

}  // namespace orrery::experiment
