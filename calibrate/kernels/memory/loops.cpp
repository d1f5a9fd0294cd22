#include "calibrate/kernels/memory/loops.hpp"

#include "calibrate/kernels/memory/reference.hpp"

// GCC would make the copy a call of memcpy again; Clang knows neither the option nor the need.
#if defined(__GNUC__) && !defined(__clang__)
#define ORRERY_LOOP_STAYS __attribute__((optimize("no-tree-loop-distribute-patterns")))
#else
#define ORRERY_LOOP_STAYS
#endif

namespace orrery::calibrate::memory {

double read_loop(const double* a, std::size_t n) {
  // Sums side by side: one sum would wait for each addition before the next.
  constexpr std::size_t kSums = 16;
  double sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums)
    for (std::size_t s = 0; s < kSums; ++s) sums[s] += a[i + s];
  double total = 0;
  for (; i < n; ++i) total += a[i];
  for (const double sum : sums) total += sum;
  return total;
}

ORRERY_LOOP_STAYS void copy_loop(const double* __restrict a, double* __restrict b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) b[i] = a[i];
}

void triad_loop(const double* __restrict a, const double* __restrict b, double* __restrict c,
                std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) c[i] = a[i] + kTriadFactor * b[i];
}

}  // namespace orrery::calibrate::memory
