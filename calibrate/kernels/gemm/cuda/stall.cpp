#include "calibrate/kernels/gemm/cuda/stall.hpp"

#include <cuda_runtime_api.h>

#include "calibrate/device/cuda_errors.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

/// Kept until the process ends: a kernel that is cut off may still hold its address.
volatile std::uint32_t* word_of_host = nullptr;

}  // namespace

std::uint32_t* stall_word() {
  static std::uint32_t* const on_device = [] {
    void* host = nullptr;
    void* device = nullptr;
    require_cuda(cudaHostAlloc(&host, sizeof(std::uint32_t), cudaHostAllocMapped),
                 "taking a word that the GPU can write on the host");
    require_cuda(cudaHostGetDevicePointer(&device, host, 0), "showing that word to the GPU");
    word_of_host = static_cast<volatile std::uint32_t*>(host);
    *word_of_host = 0;
    explain_cuda_failures(stall_sentence);
    return static_cast<std::uint32_t*>(device);
  }();
  return on_device;
}

std::string stall_sentence() {
  const std::uint32_t code = word_of_host == nullptr ? 0 : *word_of_host;
  return code == 0 ? std::string() : " (" + describe_stall(code) + ")";
}

}  // namespace orrery::calibrate::gemm_cuda
