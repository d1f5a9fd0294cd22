// CUDA's error codes as what the calibrator acts on and a user can read.
#pragma once

#include <string>
#include <string_view>

namespace orrery::calibrate {

/// Throws unless `code` (a cudaError_t) is success: OutOfMemory where the GPU's memory does not
/// suffice, DeviceLost for all else. `what` says what was being done.
void require_cuda(int code, std::string_view what);

/// What `explain` returns follows the sentence of every failure that CUDA gives no reason for: a
/// kernel that trapped says why in memory of its own. One explanation in a process; the last
/// counts.
void explain_cuda_failures(std::string (*explain)());

/// Why there is no GPU to use, for the code that counting them returned.
std::string why_no_gpu(int code);

/// `13.0` of 13000.
std::string cuda_version_text(int version);

/// An attribute of the current GPU (a cudaDeviceAttr); `what` as of require_cuda.
int cuda_attribute(int attribute, std::string_view what);

/// Waits until the GPU is done; throws where a kernel failed.
void wait_for_gpu(std::string_view what);

}  // namespace orrery::calibrate
