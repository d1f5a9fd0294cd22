// The kernels that this binary holds. Each registers itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate {

/// Nothing where the device it needs is not there; `absent` then says why in one sentence.
using KernelFactory = std::unique_ptr<Kernel> (*)(std::string& absent);

/// A static object of this type in a kernel's source file adds the kernel. A second kernel of that
/// name on that backend throws std::logic_error (models/base/registry.hpp).
class KernelRegistration {
 public:
  KernelRegistration(std::string_view name, Backend backend, KernelFactory make);
};

struct RegisteredKernel {
  std::string name;
  Backend backend = Backend::cpu;
  KernelFactory make = nullptr;
};

/// All of them, by name, then backend; the order of linking does not show.
std::vector<RegisteredKernel> registered_kernels();

}  // namespace orrery::calibrate
