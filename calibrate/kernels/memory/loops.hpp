// The loops that are timed, on one thread's part of the arrays.
#pragma once

#include <cstddef>

namespace orrery::calibrate::memory {

/// Sum of a[0..n).
double read_loop(const double* a, std::size_t n);
/// b[0..n) = a[0..n). A loop of its own: memcpy switches to other instructions for large buffers,
/// which few of a model's kernels have.
void copy_loop(const double* a, double* b, std::size_t n);
/// c[0..n) = a[0..n) + 3 b[0..n).
void triad_loop(const double* a, const double* b, double* c, std::size_t n);

}  // namespace orrery::calibrate::memory
