// Quantities with units, as a person writes them: `80 GiB`, `12.5 GB/s`, `1.4 ms`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::base {

/// What a quantity measures. Values are held in the unit named here.
enum class Dimension {
  none,   ///< a plain number, no unit allowed
  time,   ///< seconds
  bytes,  ///< bytes
  bytes_per_second,
  flops_per_second,
  hertz,
  watts,
};

/// `seconds`, `bytes`, `bytes/s`, ... for messages and schemas; empty for `none`.
std::string_view base_unit(Dimension dimension);

/// No time of an experiment may be later and none may last longer: beyond about 31,700 years a
/// number is a mistake, and sums of such numbers would lose their milliseconds.
inline constexpr double kLatestSecond = 1e12;

/// No whole number of an experiment may be larger where nothing tighter is said: up to here sums
/// and products with other such numbers stay exact enough in doubles and far from overflow.
inline constexpr double kLargestCount = 1e15;

/// The largest sensible value of a dimension, in its base unit: no parameter may be larger unless
/// its declaration says so. Those below zero may not lie below the same value negated.
double largest(Dimension dimension);

/// The units accepted for a dimension, in the order in which help lists them.
std::vector<std::string_view> units_of(Dimension dimension);

/// Why a text is not a quantity of a dimension.
enum class QuantityFault { not_a_number, missing_unit, unknown_unit };

struct QuantityResult {
  double value = 0;  ///< in the base unit
  std::optional<QuantityFault> fault;
};

/// Reads `NUMBER [blank] UNIT` (decimal and binary byte prefixes, network rates also in bits:
/// `100 Gbit/s`). A dimension other than `none` needs its unit, even for zero.
QuantityResult parse_quantity(std::string_view text, Dimension dimension);

/// The quantity in the largest unit that keeps it exact enough to read back the same:
/// `30 min`, `80 GiB`, `12.5 GB/s`.
std::string format_quantity(double value, Dimension dimension);

}  // namespace orrery::base
