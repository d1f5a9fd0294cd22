// Read, copy and triad on a GPU: each thread strides over the arrays by the grid.
//
// Not yet run on a device: compiled, and its index arithmetic (grid.hpp) tested on the processor.
// Cost: bytes over the rate of L2 or of memory; 1 GiB at 3 TB/s takes 0.4 ms.
#include <cuda_runtime_api.h>

#include "calibrate/kernels/memory/cuda_passes.hpp"
#include "calibrate/kernels/memory/grid.hpp"
#include "calibrate/kernels/memory/reference.hpp"

namespace orrery::calibrate::memory {

namespace {

__global__ void __launch_bounds__(kBlockThreads)
    read_pass(const double* __restrict__ a, std::size_t count, double* __restrict__ sums) {
  __shared__ double partial[kBlockThreads];
  double sum = 0;
  const std::size_t step = element_step(gridDim.x);
  for (std::size_t i = first_element(blockIdx.x, threadIdx.x); i < count; i += step) sum += a[i];
  partial[threadIdx.x] = sum;
  __syncthreads();
  for (unsigned half = kBlockThreads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) sums[blockIdx.x] = partial[0];
}

__global__ void __launch_bounds__(kBlockThreads)
    copy_pass(const double* __restrict__ a, double* __restrict__ b, std::size_t count) {
  const std::size_t step = element_step(gridDim.x);
  for (std::size_t i = first_element(blockIdx.x, threadIdx.x); i < count; i += step) b[i] = a[i];
}

__global__ void __launch_bounds__(kBlockThreads)
    triad_pass(const double* __restrict__ a, const double* __restrict__ b, double* __restrict__ c,
               std::size_t count) {
  const std::size_t step = element_step(gridDim.x);
  for (std::size_t i = first_element(blockIdx.x, threadIdx.x); i < count; i += step)
    c[i] = a[i] + kTriadFactor * b[i];
}

}  // namespace

int launch_read(const double* a, std::size_t count, double* sums, unsigned blocks) {
  read_pass<<<blocks, kBlockThreads>>>(a, count, sums);
  return cudaGetLastError();
}

int launch_copy(const double* a, double* b, std::size_t count, unsigned blocks) {
  copy_pass<<<blocks, kBlockThreads>>>(a, b, count);
  return cudaGetLastError();
}

int launch_triad(const double* a, const double* b, double* c, std::size_t count, unsigned blocks) {
  triad_pass<<<blocks, kBlockThreads>>>(a, b, c, count);
  return cudaGetLastError();
}

}  // namespace orrery::calibrate::memory
