// A machine goes into a profile and comes back, and a profile that lacks of it is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "models/gemm/machine_profile.hpp"
#include "tests/models/gemm/support.hpp"

using namespace orrery;
using models::DeviceProfile;
using models::NamedNumbers;
using models::gemm::GemmMachine;
using models::gemm::KernelRates;
using models::gemm::TileClass;
using models::gemm::TileOrder;

namespace {

double drawn(base::RandomStream& random, double least, double most) {
  return least + (most - least) * random.uniform();
}

KernelRates drawn_rates(base::RandomStream& random) {
  KernelRates rates;
  rates.start_seconds = drawn(random, 0, 1e-4);
  rates.flops_per_second = drawn(random, 1e9, 1e15);
  for (double& efficiency : rates.tile_efficiency) efficiency = drawn(random, 0.1, 1);
  rates.bandwidth_fraction = drawn(random, 0.1, 1);
  rates.fill_rows = drawn(random, 0, 500);
  rates.overlap_loss = drawn(random, 0, 1);
  rates.gather_efficiency = drawn(random, 0.1, 1);
  rates.launch_seconds = drawn(random, 0, 1e-5);
  rates.cache_speedup = drawn(random, 1, 4);
  rates.row_seconds = drawn(random, 0, 1e-8);
  rates.split_seconds = drawn(random, 0, 1e-5);
  rates.throttle_depth = drawn(random, 0, 1);
  rates.throttle_seconds = drawn(random, 1e-4, 1e-2);
  return rates;
}

models::gemm::ResidualTable drawn_residuals(base::RandomStream& random) {
  std::vector<models::gemm::GemmShape> shapes;
  std::vector<double> logs;
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    const auto size = [&] { return static_cast<std::int64_t>(1 + random.below(100000)); };
    shapes.push_back({size(), size(), size()});
    logs.push_back(drawn(random, -1, 1));
  }
  return {std::move(shapes), std::move(logs)};
}

GemmMachine drawn_machine(std::uint64_t seed) {
  base::RandomStream random(seed, "machine profile");
  GemmMachine machine;
  machine.name = "round";
  machine.multiprocessors = static_cast<std::int32_t>(1 + random.below(200));
  machine.slots_per_multiprocessor = static_cast<std::int32_t>(1 + random.below(4));
  machine.cache_bytes = drawn(random, 0, 1e8);
  machine.memory_bytes_per_second = drawn(random, 1e9, 1e13);
  machine.depth_step = static_cast<std::int32_t>(1 + random.below(512));
  for (std::uint64_t i = random.below(4) + 1; i > 0; --i)
    machine.tiles.push_back({static_cast<std::int32_t>(1 + random.below(512)),
                             static_cast<std::int32_t>(1 + random.below(512)),
                             static_cast<TileClass>(random.below(models::gemm::kTileClasses))});
  for (std::uint64_t i = random.below(3); i > 0; --i)
    machine.splits.push_back(static_cast<std::int32_t>(2 + random.below(8)));
  machine.order = static_cast<TileOrder>(random.below(3));
  machine.two_of_four_accelerated = random.below(2) == 0;
  machine.csr_flops_per_second = drawn(random, 1e8, 1e13);
  machine.dense = drawn_rates(random);
  machine.dense_residuals = drawn_residuals(random);
  if (random.below(2) == 0) {
    machine.two_of_four = drawn_rates(random);
    machine.two_of_four_residuals = drawn_residuals(random);
  }
  return machine;
}

DeviceProfile profile_of(const GemmMachine& machine) {
  DeviceProfile profile;
  profile.device = machine.name;
  profile.costs = models::gemm::gemm_costs(machine);
  return profile;
}

void drop(NamedNumbers& numbers, const std::string& name) {
  std::erase_if(numbers, [&](const auto& number) { return number.first == name; });
}

void set(NamedNumbers& numbers, const std::string& name, double value) {
  for (auto& number : numbers)
    if (number.first == name) number.second = value;
}

std::string profile_refusal(const DeviceProfile& profile) {
  try {
    models::gemm::gemm_machine(profile);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a machine comes back from its costs exactly") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const GemmMachine machine = drawn_machine(seed);
    const auto found = models::gemm::gemm_machine(profile_of(machine));
    REQUIRE(found.has_value());
    CHECK(*found == machine);
  }
}

TEST_CASE("costs are of the kernel's two variants and say every number once") {
  GemmMachine machine = test::round_machine();
  CHECK(models::gemm::gemm_costs(machine).size() == 1);
  machine.two_of_four = machine.dense;
  const auto costs = models::gemm::gemm_costs(machine);
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].kernel == "gemm");
  CHECK(costs[0].variant == "dense");
  CHECK(costs[1].variant == "two-of-four");
  for (const auto& cost : costs) {
    std::vector<std::string> names;
    for (const auto& number : cost.constants) names.push_back(number.first);
    for (const auto& number : cost.coefficients) names.push_back(number.first);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}

TEST_CASE("a profile without products has no machine") {
  DeviceProfile profile;
  profile.device = "a100";
  profile.costs.emplace_back().kernel = "memory";
  CHECK(!models::gemm::gemm_machine(profile).has_value());
}

TEST_CASE("whatever number is missing or out of range, its name is said") {
  GemmMachine machine = test::round_machine();
  machine.two_of_four = machine.dense;
  machine.dense_residuals = models::gemm::ResidualTable({{64, 32, 16}}, {0.1});
  const DeviceProfile whole = profile_of(machine);
  REQUIRE(profile_refusal(whole).empty());
  for (std::size_t c = 0; c < whole.costs.size(); ++c) {
    for (const bool constants : {true, false}) {
      const auto& list = constants ? whole.costs[c].constants : whole.costs[c].coefficients;
      for (const auto& number : list) {
        const std::string& name = number.first;
        DeviceProfile profile = whole;
        auto& numbers = constants ? profile.costs[c].constants : profile.costs[c].coefficients;
        drop(numbers, name);
        CHECK(profile_refusal(profile) == "round: gemm." + whole.costs[c].variant +
                                              (constants ? ".constants." : ".coefficients.") +
                                              name + ": is missing, expected a number");
        profile = whole;
        set(constants ? profile.costs[c].constants : profile.costs[c].coefficients, name,
            std::numeric_limits<double>::quiet_NaN());
        CAPTURE(name);
        CHECK(profile_refusal(profile).starts_with("round: "));
      }
    }
  }
}

TEST_CASE("numbers that stand for choices and counts are whole") {
  const DeviceProfile whole = profile_of(test::round_machine());
  const auto with = [&](const std::string& name, double value) {
    DeviceProfile profile = whole;
    set(profile.costs[0].constants, name, value);
    return profile_refusal(profile);
  };
  CHECK(with("tile_count", 0.5) ==
        "round: gemm.dense.constants.tile_count: found 0.5, expected a whole number from 1 to "
        "1000");
  CHECK(with("tile_0_class", 4) ==
        "round: gemm.dense.constants.tile_0_class: found 4, expected a whole number from 0 to 3");
  CHECK(with("multiprocessors", 0).find("expected a whole number from 1 to") != std::string::npos);
  CHECK(with("tile_count", 7) ==
        "round: gemm.dense.constants.tile_6_class: is missing, expected a number");
  CHECK(with("residual_count", 1) ==
        "round: gemm.dense.constants.residual_0_m: is missing, expected a number");
  CHECK(with("cache_bytes", -1).starts_with("round: cache_bytes: found -1"));
}

TEST_CASE("two-of-four alone describes no machine") {
  GemmMachine machine = test::round_machine();
  machine.two_of_four = machine.dense;
  DeviceProfile profile = profile_of(machine);
  profile.costs.erase(profile.costs.begin());
  CHECK(profile_refusal(profile).starts_with("round: gemm.dense: is missing"));
}
