#include "models/gemm/machine_profile.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "models/base/error.hpp"

namespace orrery::models::gemm {

namespace {

constexpr std::string_view kKernel = "gemm";
constexpr std::string_view kDense = "dense";
constexpr std::string_view kTwoOfFourVariant = "two-of-four";
/// More candidates than any machine has: beyond, a count is a mistake.
constexpr std::int32_t kMostCandidates = 1000;
/// A product a thousand times off its model was not measured.
constexpr double kMostLog = 7;

/// A rate by its name in a profile.
struct RateField {
  std::string_view name;
  double KernelRates::*field;
};
constexpr std::array<RateField, 10> kFitted = {{
    {"start_seconds", &KernelRates::start_seconds},
    {"flops_per_second", &KernelRates::flops_per_second},
    {"bandwidth_fraction", &KernelRates::bandwidth_fraction},
    {"fill_rows", &KernelRates::fill_rows},
    {"gather_efficiency", &KernelRates::gather_efficiency},
    {"cache_speedup", &KernelRates::cache_speedup},
    {"row_seconds", &KernelRates::row_seconds},
    {"split_seconds", &KernelRates::split_seconds},
    {"throttle_depth", &KernelRates::throttle_depth},
    {"throttle_seconds", &KernelRates::throttle_seconds},
}};
constexpr std::array<RateField, 2> kKnown = {{
    {"overlap_loss", &KernelRates::overlap_loss},
    {"launch_seconds", &KernelRates::launch_seconds},
}};
/// In the order of TileClass.
constexpr std::array<std::string_view, kTileClasses> kEfficiencies = {
    "tile_efficiency_large", "tile_efficiency_square", "tile_efficiency_half",
    "tile_efficiency_small"};

void add(NamedNumbers& numbers, std::string_view name, double value) {
  numbers.emplace_back(name, value);
}

void add_rates(FittedCost& cost, const KernelRates& rates) {
  for (const RateField& known : kKnown) add(cost.constants, known.name, rates.*known.field);
  for (const RateField& fitted : kFitted) add(cost.coefficients, fitted.name, rates.*fitted.field);
  for (std::size_t i = 0; i < kTileClasses; ++i)
    add(cost.coefficients, kEfficiencies[i], rates.tile_efficiency[i]);
}

/// The residuals of a family by shape, logarithms of measured over predicted.
void add_residuals(NamedNumbers& constants, const ResidualTable& table) {
  add(constants, "residual_count", static_cast<double>(table.shapes().size()));
  for (std::size_t i = 0; i < table.shapes().size(); ++i) {
    const GemmShape& shape = table.shapes()[i];
    add(constants, fmt::format("residual_{}_m", i), static_cast<double>(shape.m));
    add(constants, fmt::format("residual_{}_n", i), static_cast<double>(shape.n));
    add(constants, fmt::format("residual_{}_k", i), static_cast<double>(shape.k));
    add(constants, fmt::format("residual_{}_log", i), table.log_residuals()[i]);
  }
}

void add_machine(NamedNumbers& constants, const GemmMachine& machine) {
  add(constants, "multiprocessors", machine.multiprocessors);
  add(constants, "slots_per_multiprocessor", machine.slots_per_multiprocessor);
  add(constants, "cache_bytes", machine.cache_bytes);
  add(constants, "memory_bytes_per_second", machine.memory_bytes_per_second);
  add(constants, "depth_step", machine.depth_step);
  add(constants, "tile_count", static_cast<double>(machine.tiles.size()));
  for (std::size_t i = 0; i < machine.tiles.size(); ++i) {
    const Tile& tile = machine.tiles[i];
    add(constants, fmt::format("tile_{}_rows", i), tile.rows);
    add(constants, fmt::format("tile_{}_columns", i), tile.columns);
    add(constants, fmt::format("tile_{}_class", i), static_cast<double>(tile.tile_class));
  }
  add(constants, "split_count", static_cast<double>(machine.splits.size()));
  for (std::size_t i = 0; i < machine.splits.size(); ++i)
    add(constants, fmt::format("split_{}", i), machine.splits[i]);
  add(constants, "tile_order", static_cast<double>(machine.order));
  add(constants, "two_of_four_accelerated", machine.two_of_four_accelerated ? 1 : 0);
}

/// The numbers of one cost, which must be there.
class Reader {
 public:
  Reader(const DeviceProfile& profile, const FittedCost& cost)
      : device_(profile.device), cost_(cost) {}

  double constant(std::string_view name) const { return found(cost_.constants, "constants", name); }
  /// Of the coefficients, or of the constants where the fit did not touch it.
  double coefficient(std::string_view name) const {
    const std::optional<double> unfitted = find_number(cost_.constants, name);
    return unfitted ? *unfitted : found(cost_.coefficients, "coefficients", name);
  }

  double within(std::string_view name, double least, double most) const {
    const double value = constant(name);
    if (!(value >= least && value <= most))
      fail("constants", name,
           fmt::format("found {}, expected a number from {} to {}", value, least, most));
    return value;
  }

  std::int32_t whole(std::string_view name, std::int32_t least, std::int32_t most) const {
    const double value = constant(name);
    if (!(value >= least && value <= most) || value != std::floor(value))
      fail("constants", name,
           fmt::format("found {}, expected a whole number from {} to {}", value, least, most));
    return static_cast<std::int32_t>(value);
  }

 private:
  [[noreturn]] void fail(std::string_view list, std::string_view name,
                         std::string_view sentence) const {
    throw base::Error(
        {device_, 0, 0, fmt::format("{}.{}.{}.{}", kKernel, cost_.variant, list, name)},
        std::string(sentence));
  }

  double found(const NamedNumbers& numbers, std::string_view list, std::string_view name) const {
    const std::optional<double> value = find_number(numbers, name);
    if (!value) fail(list, name, "is missing, expected a number");
    return *value;
  }

  const std::string& device_;
  const FittedCost& cost_;
};

KernelRates read_rates(const Reader& reader) {
  KernelRates rates;
  for (const RateField& known : kKnown) rates.*known.field = reader.constant(known.name);
  for (const RateField& fitted : kFitted) rates.*fitted.field = reader.coefficient(fitted.name);
  for (std::size_t i = 0; i < kTileClasses; ++i)
    rates.tile_efficiency[i] = reader.coefficient(kEfficiencies[i]);
  return rates;
}

ResidualTable read_residuals(const Reader& reader) {
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  std::vector<GemmShape> shapes;
  std::vector<double> logs;
  const std::int32_t count = reader.whole("residual_count", 0, kMostCandidates);
  for (std::int32_t i = 0; i < count; ++i) {
    shapes.push_back({reader.whole(fmt::format("residual_{}_m", i), 1, most),
                      reader.whole(fmt::format("residual_{}_n", i), 1, most),
                      reader.whole(fmt::format("residual_{}_k", i), 1, most)});
    logs.push_back(reader.within(fmt::format("residual_{}_log", i), -kMostLog, kMostLog));
  }
  return {std::move(shapes), std::move(logs)};
}

void read_machine(const Reader& reader, GemmMachine& machine) {
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  machine.multiprocessors = reader.whole("multiprocessors", 1, most);
  machine.slots_per_multiprocessor = reader.whole("slots_per_multiprocessor", 1, most);
  machine.cache_bytes = reader.constant("cache_bytes");
  machine.memory_bytes_per_second = reader.constant("memory_bytes_per_second");
  machine.depth_step = reader.whole("depth_step", 1, most);
  const std::int32_t tiles = reader.whole("tile_count", 1, kMostCandidates);
  for (std::int32_t i = 0; i < tiles; ++i) {
    const std::int32_t tile_class = reader.whole(fmt::format("tile_{}_class", i), 0,
                                                 static_cast<std::int32_t>(kTileClasses) - 1);
    machine.tiles.push_back({reader.whole(fmt::format("tile_{}_rows", i), 1, most),
                             reader.whole(fmt::format("tile_{}_columns", i), 1, most),
                             static_cast<TileClass>(tile_class)});
  }
  machine.splits.clear();
  const std::int32_t splits = reader.whole("split_count", 1, kMostCandidates);
  for (std::int32_t i = 0; i < splits; ++i)
    machine.splits.push_back(reader.whole(fmt::format("split_{}", i), 1, most));
  machine.order = static_cast<TileOrder>(
      reader.whole("tile_order", 0, static_cast<std::int32_t>(TileOrder::strips)));
  machine.two_of_four_accelerated = reader.whole("two_of_four_accelerated", 0, 1) == 1;
}

}  // namespace

std::vector<FittedCost> gemm_costs(const GemmMachine& machine) {
  FittedCost dense;
  dense.kernel = kKernel;
  dense.variant = kDense;
  add_machine(dense.constants, machine);
  add_rates(dense, machine.dense);
  add_residuals(dense.constants, machine.dense_residuals);
  add(dense.coefficients, "csr_flops_per_second", machine.csr_flops_per_second);
  std::vector<FittedCost> costs = {std::move(dense)};
  if (machine.two_of_four) {
    FittedCost sparse;
    sparse.kernel = kKernel;
    sparse.variant = kTwoOfFourVariant;
    add_rates(sparse, *machine.two_of_four);
    add_residuals(sparse.constants, machine.two_of_four_residuals);
    costs.push_back(std::move(sparse));
  }
  return costs;
}

std::optional<GemmMachine> gemm_machine(const DeviceProfile& profile) {
  const FittedCost* dense = profile.find(kKernel, kDense);
  const FittedCost* sparse = profile.find(kKernel, kTwoOfFourVariant);
  if (dense == nullptr && sparse == nullptr) return std::nullopt;
  if (dense == nullptr)
    throw base::Error({profile.device, 0, 0, fmt::format("{}.{}", kKernel, kDense)},
                      "is missing, expected it beside two-of-four: it describes the machine");
  GemmMachine machine;
  machine.name = profile.device;
  const Reader reader(profile, *dense);
  read_machine(reader, machine);
  machine.dense = read_rates(reader);
  machine.csr_flops_per_second = reader.coefficient("csr_flops_per_second");
  machine.dense_residuals = read_residuals(reader);
  if (sparse != nullptr) {
    const Reader sparse_reader(profile, *sparse);
    machine.two_of_four = read_rates(sparse_reader);
    machine.two_of_four_residuals = read_residuals(sparse_reader);
  }
  check(machine);
  return machine;
}

}  // namespace orrery::models::gemm
