#include "calibrate/kernels/registry.hpp"

#include <algorithm>
#include <tuple>

namespace orrery::calibrate {

namespace {

/// Built on first use: registrations run before main, in any order.
std::vector<RegisteredKernel>& kernels() {
  static std::vector<RegisteredKernel> all;
  return all;
}

}  // namespace

std::string_view to_string(Backend backend) {
  return backend == Backend::cpu ? "cpu" : "cuda";
}

KernelRegistration::KernelRegistration(std::string_view name, Backend backend, KernelFactory make) {
  kernels().push_back({std::string(name), backend, make});
}

std::vector<RegisteredKernel> registered_kernels() {
  std::vector<RegisteredKernel> sorted = kernels();
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.backend) < std::tie(b.name, b.backend);
  });
  return sorted;
}

}  // namespace orrery::calibrate
