// The passes on a GPU, launched and not waited for. All pointers are on the device; each returns a
// cudaError_t.
#pragma once

#include <cstddef>

namespace orrery::calibrate::memory {

/// sums[block] = sum of what the block read; `blocks` sums.
int launch_read(const double* a, std::size_t count, double* sums, unsigned blocks);
int launch_copy(const double* a, double* b, std::size_t count, unsigned blocks);
int launch_triad(const double* a, const double* b, double* c, std::size_t count, unsigned blocks);

}  // namespace orrery::calibrate::memory
