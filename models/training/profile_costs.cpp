#include "models/training/profile_costs.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <span>
#include <utility>

#include "models/base/statistics.hpp"
#include "models/gemm/machine_profile.hpp"
#include "models/training/product_prices.hpp"
#include "models/zoo/zoo.hpp"

namespace orrery::models {

namespace {

using base::Error;

constexpr std::array<LayerKind, 3> kProductKinds{LayerKind::transformer,
                                                 LayerKind::mixture_of_experts, LayerKind::head};

/// A layer of some model, its flops on a rank and what its products cost there.
struct PricedLayer {
  double flops = 0;
  double seconds = 0;
};

/// seconds = flops * per_flop + constant.
struct Line {
  double per_flop = 0;
  double constant = 0;
};

/// Every distinct layer of a kind in the zoo at several sizes.
std::vector<PricedLayer> priced_layers(LayerKind kind, const ProductPrices& prices) {
  std::vector<PricedLayer> out;
  for (const std::string& name : model_names()) {
    const ModelDescription& model = *find_model(name);
    const Layer* previous = nullptr;
    for (const Layer& layer : model.layers) {
      if (layer.kind != kind || layer.products.empty()) continue;
      if (previous != nullptr && previous->forward_flops == layer.forward_flops) continue;
      previous = &layer;
      for (const int tp : {1, 2, 4, 8})
        for (const double samples : {1.0, 2.0, 4.0, 8.0, 16.0})
          out.push_back(
              {layer.forward_flops * samples / tp, prices.dense_seconds(layer, samples, tp)});
    }
  }
  return out;
}

/// Least squares of relative errors: the sum of ((a F + b) / T - 1)^2, both not negative.
Line fit(std::span<const PricedLayer> layers) {
  double xx = 0;
  double xy = 0;
  double yy = 0;
  double x1 = 0;
  double y1 = 0;
  for (const PricedLayer& layer : layers) {
    const double x = layer.flops / layer.seconds;
    const double y = 1 / layer.seconds;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    x1 += x;
    y1 += y;
  }
  const double determinant = xx * yy - xy * xy;
  const Line alone{x1 / xx, 0};
  // Both unknowns only where the sizes tell them apart.
  if (!(determinant > 1e-12 * xx * yy)) return alone;
  const Line line{(x1 * yy - y1 * xy) / determinant, (xx * y1 - xy * x1) / determinant};
  return line.per_flop > 0 && line.constant >= 0 ? line : alone;
}

/// Efficiencies of kinds made of products from their prices; the error of doing so.
ErrorSpread take_products(DeviceCosts& costs, const ProductPrices& prices, double peak) {
  std::vector<double> errors;
  for (const LayerKind kind : kProductKinds) {
    const std::vector<PricedLayer> layers = priced_layers(kind, prices);
    const Line line = fit(layers);
    KindCosts& to = costs.kinds[static_cast<std::size_t>(kind)];
    to.flop_efficiency = 1 / (line.per_flop * peak);
    to.half_flops = line.constant / line.per_flop;
    for (const PricedLayer& layer : layers)
      errors.push_back(std::abs((line.per_flop * layer.flops + line.constant) / layer.seconds - 1));
  }
  return {base::median(errors), base::quantile(errors, 0.9)};
}

double rate_of(const FittedCost& cost, std::string_view name, const ProfileFile& file) {
  const auto found = find_number(cost.coefficients, name);
  const std::string key = fmt::format("{}.{}.{}", cost.kernel, cost.variant, name);
  if (!found) throw Error({file.path, 0, 0, key}, "is missing, expected what a transfer costs");
  if (!(*found >= 0) || !std::isfinite(*found))
    throw Error({file.path, 0, 0, key}, fmt::format("found {}, expected at least 0", *found));
  return *found;
}

double positive_rate(const FittedCost& cost, std::string_view name, const ProfileFile& file) {
  const double rate = rate_of(cost, name, file);
  if (rate > 0) return rate;
  throw Error({file.path, 0, 0, fmt::format("{}.{}.{}", cost.kernel, cost.variant, name)},
              "found 0, expected a rate above 0");
}

/// The variant of `memory` that stands for layers that move memory, or nullptr.
const FittedCost* memory_cost(const DeviceProfile& profile) {
  for (const char* variant : {"copy", "triad", "read"})
    if (const FittedCost* cost = profile.find("memory", variant)) return cost;
  return nullptr;
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string short_hash(const std::string& sha256) {
  constexpr std::size_t kDigits = 8;
  return sha256.substr(0, kDigits);
}

std::string percent(const ErrorSpread& spread) {
  return fmt::format("{:.1f} % median, {:.1f} % p90", 100 * spread.median, 100 * spread.p90);
}

/// Prices of the profile's products for a device of that peak in the profile's format, or null.
std::shared_ptr<const ProductPrices> priced(const ProfileFile& file, double peak) {
  constexpr double kSingle = 4;
  constexpr double kHalf = 2;
  const auto machine = gemm::gemm_machine(file.profile);
  if (!machine) return nullptr;
  const double element_bytes = file.profile.backend == "cpu" ? kSingle : kHalf;
  return std::make_shared<const ProductPrices>(*machine, element_bytes, peak, true);
}

/// The name by which experiments know a profile's device.
std::string_view known_name(std::string_view device) {
  const GpuType* gpu = find_gpu(device);
  return gpu == nullptr ? device : gpu->name;
}

}  // namespace

std::shared_ptr<const ProductPrices> product_prices(const ProfileFile& file) {
  return priced(file, 1);
}

ProfileUse profile_use(const ProfileFile& file) {
  ProfileUse use;
  use.file = std::filesystem::path(file.path).filename().string();
  use.sha256 = file.sha256;
  use.measured_by = file.profile.provenance.measured_by;
  if (const FittedCost* products = file.profile.find("gemm", "dense")) {
    use.held_out = products->held_out;
    use.pruned_measured = find_number(products->coefficients, "gather_efficiency").has_value();
  }
  return use;
}

std::string to_text(const ProfileUse& use) {
  std::string text = fmt::format("profile {} ({}", use.file, short_hash(use.sha256));
  if (use.measured_by == MeasuredBy::others) text += ", published times";
  if (use.held_out) text += ", held-out error of products " + percent(*use.held_out);
  return text + ")";
}

void use_profile(DeviceCosts& costs, const ProfileFile& file) {
  const DeviceProfile& profile = file.profile;
  const bool cpu = profile.backend == "cpu";
  std::vector<std::string> measured;
  std::vector<std::string> data_sheets;
  ProfileUse use = profile_use(file);
  data_sheets.emplace_back("convolutions");
  const double peak = cpu ? costs.single_flops_per_second : costs.half_flops_per_second;
  if (const auto products = priced(file, peak)) {
    costs.products = products;
    use.reduction = take_products(costs, *products, peak);
    measured.emplace_back("matrix products");
  } else {
    data_sheets.insert(data_sheets.begin(), "matrix products");
  }
  if (const FittedCost* memory = memory_cost(profile)) {
    costs.memory_bytes_per_second = positive_rate(*memory, "bytes_per_second", file);
    for (KindCosts& kind : costs.kinds) kind.traffic_efficiency = 1;
    measured.push_back("memory (" + memory->variant + ")");
  } else {
    data_sheets.emplace_back("memory");
  }
  const FittedCost* shared = cpu ? profile.find("transfer", "shared-memory") : nullptr;
  if (shared != nullptr) {
    costs.in_node = {rate_of(*shared, "start_seconds", file),
                     positive_rate(*shared, "bytes_per_second", file)};
    measured.emplace_back("links in a node");
    data_sheets.emplace_back("links between nodes");
  } else {
    data_sheets.emplace_back("links");
  }
  data_sheets.emplace_back("overheads");
  if (measured.empty())
    throw Error({file.path, 0, 0, ""},
                "has no cost that the estimator uses, expected some of gemm, memory and, of a CPU, "
                "transfer shared-memory");
  use.parts = joined(measured);
  use.data_sheets = joined(data_sheets);
  costs.calibrated = true;
  costs.source = fmt::format("{} for {}; {} for {}", to_text(use), use.parts,
                             costs.profile ? "an earlier profile" : costs.source, use.data_sheets);
  costs.profile = std::move(use);
}

DeviceCosts profile_only_costs(const ProfileFile& file) {
  const DeviceProfile& profile = file.profile;
  const auto memory_bytes = find_number(profile.hardware, "memory_bytes");
  if (!memory_bytes || !(*memory_bytes > 0))
    throw Error({file.path, 0, 0, "hardware.memory_bytes"},
                fmt::format("is missing; the device '{}' is in no catalog, so its memory must be "
                            "known",
                            profile.device));
  const FittedCost* memory = memory_cost(profile);
  const auto machine = gemm::gemm_machine(profile);
  if (memory == nullptr || !machine)
    throw Error({file.path, 0, 0, ""},
                fmt::format("has no {} costs; the device '{}' is in no catalog, so both gemm and "
                            "memory must be measured",
                            machine ? "memory" : "gemm", profile.device));
  const double peak = find_number(profile.hardware, "peak_flops_per_second")
                          .value_or(machine->dense.flops_per_second);
  const double bytes_per_second = positive_rate(*memory, "bytes_per_second", file);
  constexpr double kNic = 12.5e9;
  GpuType device;
  device.name = profile.device;
  device.architecture = profile.backend;
  device.memory_bytes.value = *memory_bytes;
  device.memory_bytes_per_second.value = bytes_per_second;
  device.fp32_flops_per_second.value = peak > 0 ? peak : machine->dense.flops_per_second;
  device.link_bytes_per_second.value = bytes_per_second;
  device.nic_bytes_per_second.value = kNic;
  DeviceCosts costs = data_sheet_costs(device);
  costs.source = "usual values";
  use_profile(costs, file);
  return costs;
}

bool same_device(std::string_view a, std::string_view b) {
  return known_name(a) == known_name(b);
}

const ProfileFile* profile_of(const std::vector<ProfileFile>& profiles, std::string_view device) {
  for (const ProfileFile& file : profiles)
    if (same_device(file.profile.device, device)) return &file;
  return nullptr;
}

std::vector<ProfileFile> read_profiles(const std::vector<std::string>& paths) {
  std::vector<ProfileFile> profiles;
  for (const std::string& path : paths) {
    ProfileFile file = read_profile(path);
    if (const ProfileFile* other = profile_of(profiles, file.profile.device))
      throw Error({path, 0, 0, "device"},
                  fmt::format("is '{}', and so is that of {}; expected one profile for each device",
                              file.profile.device, other->path));
    profiles.push_back(std::move(file));
  }
  return profiles;
}

}  // namespace orrery::models
