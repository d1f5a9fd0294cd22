// What the operations compute, plainly, and the values they compute with.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace orrery::calibrate::memory {

/// The value at index i before an operation runs: a whole number below 1024, so that every sum of
/// them is exact in double precision in whatever order.
double initial_value(std::size_t i);

/// The factor of triad.
constexpr double kTriadFactor = 3;

/// Sum of `a`.
double reference_read(std::span<const double> a);
/// How many elements of `b` differ from those of `a`.
std::size_t reference_copy_faults(std::span<const double> a, std::span<const double> b);
/// How many elements of `c` differ from a + 3 b.
std::size_t reference_triad_faults(std::span<const double> a, std::span<const double> b,
                                   std::span<const double> c);

/// Compares an operation's arrays with the reference: `sum` is what `read` computed. The last
/// array is the one that was written. Throws base::Error where anything differs.
void require_reference(std::string_view variant, std::span<const std::span<const double>> arrays,
                       double sum);

}  // namespace orrery::calibrate::memory
