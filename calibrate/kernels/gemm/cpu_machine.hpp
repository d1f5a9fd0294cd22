// The processor as the cost model of its own kernels sees it, rates not yet fitted.
#pragma once

#include "calibrate/kernels/gemm/fit/rate_parameters.hpp"
#include "calibrate/kernels/gemm/isa.hpp"
#include "models/gemm/machine.hpp"

namespace orrery::calibrate::gemm {

/// Bytes of an element: the kernels are of single precision.
inline constexpr double kElementBytes = 4;

/// The machine of multiply(): strips of tokens, threads as multiprocessors. Its memory rate is a
/// bound that no thread passes (ours, 50 GB/s), of which the fit finds the fraction; 2:4 saves
/// storage only. `strip` as strip_tokens gives it.
models::gemm::GemmMachine cpu_machine(int threads, int strip);

/// Priors of such a machine (ours): half a microsecond to start one thread, five to wake others;
/// shorter strips a little slower; packing and sums one after the other with the computation, so
/// that nothing of them overlaps.
fit::RatePriors cpu_priors(int threads, double peak_flops_per_second);

}  // namespace orrery::calibrate::gemm
