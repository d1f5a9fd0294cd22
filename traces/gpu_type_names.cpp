#include "traces/gpu_type_names.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/hardware/gpu_names.hpp"

namespace orrery::traces {

namespace {

// Left: Alibaba's PAI traces (2020: README of cluster-trace-gpu-v2020, where V100 leaves the memory
// open; 2023: V100M16, V100M32). Their G1 to G3 are names the owner keeps to himself and stay.
constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"V100M16", "v100-16g"},
    {"V100M32", "v100-32g"},
    {"V100", "v100-16g|v100-32g"},
    {"P100", "p100"},
    {"T4", "t4"},
    {"A10", "a10"},
};

template <class F>
void for_each_name(std::string_view list, F&& use) {
  for (;;) {
    const std::size_t stop = list.find('|');
    use(list.substr(0, stop));
    if (stop == std::string_view::npos) return;
    list.remove_prefix(stop + 1);
  }
}

}  // namespace

std::string catalog_gpu_types(std::string_view trace_name) {
  for (const auto& [theirs, ours] : kNames)
    if (theirs == trace_name) return std::string(ours);
  return models::lower_case(trace_name);
}

std::string arena_gpu_type(std::string_view name) {
  if (name == "a100") return "a100-40g";
  if (name == "v100") return "v100-32g";
  return models::lower_case(name);
}

std::string common_gpu_types(std::string_view name) {
  std::string out;
  for (const std::string_view type : models::gpus_called(name)) {
    if (!out.empty()) out += '|';
    out += type;
  }
  return out.empty() ? models::lower_case(name) : out;
}

std::string mapped_gpu_types(std::string_view list,
                             const std::function<std::string(std::string_view)>& map) {
  std::vector<std::string> seen;
  std::string out;
  for_each_name(list, [&](std::string_view theirs) {
    const std::string ours = map(theirs);
    for_each_name(ours, [&](std::string_view name) {
      if (name.empty() || std::find(seen.begin(), seen.end(), name) != seen.end()) return;
      seen.emplace_back(name);
      if (!out.empty()) out += '|';
      out += name;
    });
  });
  return out;
}

std::string catalog_gpu_type_list(std::string_view trace_names) {
  return mapped_gpu_types(trace_names, catalog_gpu_types);
}

}  // namespace orrery::traces
