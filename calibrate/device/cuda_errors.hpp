// CUDA's error codes as what the calibrator acts on.
#pragma once

#include <string_view>

namespace orrery::calibrate {

/// Throws unless `code` (a cudaError_t) is success: OutOfMemory where the GPU's memory does not
/// suffice, DeviceLost for all else. `what` says what was being done.
void require_cuda(int code, std::string_view what);

}  // namespace orrery::calibrate
