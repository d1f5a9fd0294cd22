#include "calibrate/kernels/gemm/cuda/cuda_error.hpp"
#include "calibrate/kernels/gemm/cuda/stall.hpp"

#include <cuda_runtime_api.h>

#include <string>
#include <utility>

#include "calibrate/kernels/errors.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

std::string sentence(cudaError_t code, const std::string& what) {
  switch (code) {
    case cudaErrorMemoryAllocation:
      return what + ": the GPU has not enough free memory; take a smaller matrix or fewer tokens";
    case cudaErrorInsufficientDriver:
      return what + ": the driver is absent or older than CUDA " +
             std::to_string(CUDART_VERSION / 1000) + "." +
             std::to_string(CUDART_VERSION % 1000 / 10) + ", with which this program was built";
    case cudaErrorNoDevice:
      return what + ": no GPU is visible here";
    case cudaErrorDevicesUnavailable:
    case cudaErrorECCUncorrectable:
    case cudaErrorHardwareStackError:
    case cudaErrorUnknown:
      return what + ": the GPU was lost or is held by another process (" +
             cudaGetErrorString(code) + ")";
    case cudaErrorNoKernelImageForDevice:
      return what +
             ": this program holds no code for this GPU; it needs compute capability 8.0 "
             "or later";
    default:
      return what + ": " + cudaGetErrorString(code) + stall_sentence();
  }
}

}  // namespace

void check_cuda(int code, std::string_view what) {
  const auto error = static_cast<cudaError_t>(code);
  if (error == cudaSuccess) return;
  std::string said = sentence(error, std::string(what));
  // What the calibrator acts on: it skips a point for want of memory, and ends for want of a GPU.
  if (error == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // a later call must not meet this one's error
    throw OutOfMemory(std::move(said));
  }
  throw DeviceLost(std::move(said));
}

}  // namespace orrery::calibrate::gemm_cuda
