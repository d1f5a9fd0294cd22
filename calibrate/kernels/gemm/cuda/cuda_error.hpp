// CUDA's error codes as sentences for the user.
#pragma once

#include <string_view>

namespace orrery::calibrate::gemm_cuda {

/// Throws calibrate::OutOfMemory or DeviceLost unless `code` (a cudaError_t) is success; `what`
/// says what was being done. Out of memory, a device that is gone and a driver too old have
/// sentences of their own.
void check_cuda(int code, std::string_view what);

}  // namespace orrery::calibrate::gemm_cuda
