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
///
/// Names are those of the fields. Lists are numbered (`tile_count`, `tile_0_rows`, `split_0`,
/// `residual_0_log`), choices are numbers (`tile_0_class` and `tile_order` count TileClass and
/// TileOrder from 0, `two_of_four_accelerated` is 0 or 1). The machine's name is not a number: it
/// is the profile's device. Residuals of 2:4 without its rates have no meaning and are left out.
std::vector<FittedCost> gemm_costs(const GemmMachine& machine);

/// The machine that a profile's `gemm` costs describe, equal to the one given to gemm_costs but for
/// its name, the profile's device; nothing where the profile has no `gemm` cost. A coefficient may
/// stand among the constants as well, where a fit left it as it was. Throws base::Error
/// naming the profile's device and the constant where one is missing or out of range
/// (check(GemmMachine)).
std::optional<GemmMachine> gemm_machine(const DeviceProfile& profile);

}  // namespace orrery::models::gemm
