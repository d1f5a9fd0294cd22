// The machine of the cost model of matrix products as part of a device's profile.
#pragma once

#include <optional>
#include <vector>

#include "models/gemm/machine.hpp"
#include "models/profile/profile.hpp"

namespace orrery::models::gemm {

/// The costs of kernel `gemm` that describe `machine`: variant `dense` (dense and TW products) and,
/// where the machine has such rates, `two-of-four`. What was fitted stands under coefficients, the
/// rest under constants; form, errors and points are left for the fit to fill in.
std::vector<FittedCost> gemm_costs(const GemmMachine& machine);

/// The machine that a profile's `gemm` costs describe, equal to the one given to gemm_costs;
/// nothing where the profile has none. Throws base::Error naming the profile's device and the
/// constant where one is missing or out of range (check(GemmMachine)).
std::optional<GemmMachine> gemm_machine(const DeviceProfile& profile);

}  // namespace orrery::models::gemm
