#include "calibrate/kernels/memory/reference.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"

namespace orrery::calibrate::memory {

double initial_value(std::size_t i) {
  return static_cast<double>(i * 2654435761U >> 12 & 1023U);
}

double reference_read(std::span<const double> a) {
  double sum = 0;
  for (const double value : a) sum += value;
  return sum;
}

std::size_t reference_copy_faults(std::span<const double> a, std::span<const double> b) {
  std::size_t faults = 0;
  for (std::size_t i = 0; i < a.size(); ++i) faults += b[i] != a[i] ? 1 : 0;
  return faults;
}

std::size_t reference_triad_faults(std::span<const double> a, std::span<const double> b,
                                   std::span<const double> c) {
  std::size_t faults = 0;
  for (std::size_t i = 0; i < a.size(); ++i) faults += c[i] != a[i] + kTriadFactor * b[i] ? 1 : 0;
  return faults;
}

void require_reference(std::string_view variant, std::span<const std::span<const double>> arrays,
                       double sum) {
  std::size_t faults = 0;
  if (variant == "read") faults = sum == reference_read(arrays[0]) ? 0 : 1;
  if (variant == "copy") faults = reference_copy_faults(arrays[0], arrays[1]);
  if (variant == "triad") faults = reference_triad_faults(arrays[0], arrays[1], arrays[2]);
  if (faults == 0) return;
  throw base::Error(
      {},
      fmt::format("memory {}: {} of {} values differ from the reference; nothing is timed", variant,
                  faults, arrays[0].size()),
      base::Fault::run_failed);
}

}  // namespace orrery::calibrate::memory
