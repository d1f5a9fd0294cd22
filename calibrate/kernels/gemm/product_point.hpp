// A product to measure: a shape, how its weights are pruned, and how many threads run it.
#pragma once

#include <cstdint>

#include "calibrate/kernels/kernel.hpp"
#include "models/gemm/work.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm {

struct ProductPoint {
  models::gemm::GemmShape shape;
  models::gemm::GemmKernel kernel = models::gemm::GemmKernel::dense;
  double sparsity = 0;       ///< total, the half that 2:4 drops included
  std::int32_t width = 0;    ///< G, columns of a panel, of TW and TVW; else 0
  std::int32_t threads = 1;  ///< 1 on a GPU

  bool operator==(const ProductPoint&) const = default;
};

/// The point as the calibrator sees it: `variant` is the kernel's name, the rest are features, and
/// `flops_per_second`, a guess, gives the time that one repeat takes.
CalibrationPoint calibration_point(const ProductPoint& product, double flops_per_second);

/// The product of a point. Throws base::Error naming the point and the feature where it is none.
ProductPoint product_of(const CalibrationPoint& point);

/// What is kept, seeded by the point alone: all of K x N; TW-2D, of TVW with 2:4 inside; single
/// elements. TW without a sparsity keeps all in panels of its width.
models::sparsity::TileLayout layout_of(const ProductPoint& product);

/// The product as the cost model sees it, from layout_of: dense ones as one panel. `element_bytes`
/// of X, W and Y.
models::gemm::GemmWork work_of(const ProductPoint& product, double element_bytes);

/// Multiply-adds counted twice that the kept weights ask for.
double flops_of(const ProductPoint& product);

}  // namespace orrery::calibrate::gemm
