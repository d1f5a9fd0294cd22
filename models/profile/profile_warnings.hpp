// What makes a whole profile doubtful. A doubtful profile is used all the same, and its held-out
// error stands beside every number that rests on it: the limits here only say where to look.
#pragma once

#include <string>
#include <vector>

#include "models/profile/profile.hpp"

namespace orrery::models {

/// Held-out errors above these are warned of, and so are spreads of the repeats: where a machine
/// strays by more than the error that a fit may have, the error shown is the machine's. Ours; the
/// limits of the error are the project's aim for a calibrated kernel.
inline constexpr ErrorSpread kWideSpread = {0.10, 0.20};

/// One sentence for each doubt, in the order of the costs: a held-out error or a spread of repeats
/// above kWideSpread, measurements of our own without repeats, no more points than coefficients, a
/// time below 0.
std::vector<std::string> profile_warnings(const DeviceProfile& profile);

}  // namespace orrery::models
