#include "calibrate/kernels/registry.hpp"

#include <algorithm>
#include <tuple>

#include "models/base/registry.hpp"

namespace orrery::calibrate {

namespace {

using Kernels = base::Registry<RegisteredKernel>;

/// A kernel has one name on every backend, and one implementation for each. Built on first use:
/// registrations run before main, in any order.
Kernels& kernels(Backend backend) {
  static Kernels cpu("kernel of the processor");
  static Kernels cuda("kernel of a GPU");
  return backend == Backend::cpu ? cpu : cuda;
}

}  // namespace

std::string_view to_string(Backend backend) {
  return backend == Backend::cpu ? "cpu" : "cuda";
}

KernelRegistration::KernelRegistration(std::string_view name, Backend backend, KernelFactory make) {
  kernels(backend).add({std::string(name), backend, make});
}

std::vector<RegisteredKernel> registered_kernels() {
  std::vector<RegisteredKernel> sorted;
  for (const Backend backend : {Backend::cpu, Backend::cuda})
    for (const RegisteredKernel* kernel : kernels(backend).all()) sorted.push_back(*kernel);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.backend) < std::tie(b.name, b.backend);
  });
  return sorted;
}

}  // namespace orrery::calibrate
