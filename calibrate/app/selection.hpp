// The kernels that were asked for, made for the device at hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "calibrate/kernels/registry.hpp"

namespace orrery::calibrate::app {

struct Selection {
  std::vector<std::unique_ptr<Kernel>> kernels;  ///< by name
  std::vector<std::string> absent;               ///< a sentence for each left out of `all`
};

/// Makes the kernels of those names (`all`: every one of the backend). Throws base::Error: an
/// unknown name, a kernel that this backend lacks, a named kernel whose device is absent, and where
/// nothing is left of `all`.
Selection select_kernels(const std::vector<std::string>& names, Backend backend,
                         const std::vector<RegisteredKernel>& registered);

/// One line for each registered kernel, with how many points it has or why it cannot run here.
std::string list_kernels(const std::vector<RegisteredKernel>& registered);

}  // namespace orrery::calibrate::app
