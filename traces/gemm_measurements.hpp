// Measured times of dense and 2:4 matrix products from a CSV file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/gemm/work.hpp"

namespace orrery::traces {

/// The least seconds that a library needs for one product on one GPU.
struct GemmMeasurement {
  std::string gpu;      ///< as the source writes it: `A100_80GB_PCIe`
  std::string dtype;    ///< `BF16`, `FP16`, `INT8`, `FP8` or `FP4`
  std::string library;  ///< `cuBLASLt`, `cuSPARSELt`
  models::gemm::GemmKernel kernel = models::gemm::GemmKernel::dense;  ///< dense or two_of_four
  std::string model;                                                  ///< whose layer it is
  models::gemm::GemmShape shape;
  double seconds = 1;

  /// Of an element of the operands.
  double element_bytes() const;
};

/// Reads the tables of the SlideSparse artifact as converted: columns gpu, dtype, library, pattern
/// (`dense` or `2:4`), model, M, N, K, lat_us, tops; others are ignored. W (N x K) is the sparse
/// operand, M counts tokens, `tops` counts the operations of the dense product. Rows in file order.
/// Throws base::Error naming file, row and column for a row that is not a measurement, stands
/// twice, or whose `tops` is not 2 M N K over its time.
std::vector<GemmMeasurement> read_gemm_measurements(const std::string& path);

}  // namespace orrery::traces
