#include <algorithm>
#include <array>
#include <utility>

#include "models/base/nearest.hpp"
#include "models/hardware/gpu_catalog.hpp"

namespace orrery::models {

namespace {

// Names people use for a type that the catalog calls otherwise. Families with several memory
// sizes have no alias on purpose.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kAliases{{
    {"a100-sxm4-40gb", "a100-40g"},
    {"a100-sxm4-80gb", "a100-80g"},
    {"gtx1080ti", "1080ti"},
    {"h100-80g", "h100"},
    {"p100-16g", "p100"},
    {"rtx2080ti", "2080ti"},
    {"v100-sxm2-16gb", "v100-16g"},
    {"v100-sxm2-32gb", "v100-32g"},
}};

const GpuType* find_named(std::string_view name) {
  const auto catalog = gpu_catalog();
  const auto found = std::lower_bound(
      catalog.begin(), catalog.end(), name,
      [](const GpuType& type, std::string_view wanted) { return type.name < wanted; });
  return found != catalog.end() && found->name == name ? &*found : nullptr;
}

}  // namespace

const GpuType* find_gpu(std::string_view name) {
  for (const auto& [alias, meant] : kAliases) {
    if (alias == name) return find_named(meant);
  }
  return find_named(name);
}

std::vector<std::string> suggest_gpus(std::string_view name) {
  std::vector<std::string> family;
  std::vector<std::string> all;
  const std::string prefix = std::string(name) + "-";
  for (const GpuType& type : gpu_catalog()) {
    all.emplace_back(type.name);
    if (type.name.starts_with(prefix)) family.emplace_back(type.name);
  }
  if (!family.empty()) return family;
  std::string near = base::nearest(name, all);
  if (near.empty()) return {};
  return {std::move(near)};
}

}  // namespace orrery::models
