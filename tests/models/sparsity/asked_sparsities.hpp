// The sparsities that the invariants are checked at.
#pragma once

namespace orrery::test {

inline constexpr double kAskedSparsities[] = {0.5, 0.75, 0.9};

}  // namespace orrery::test
