// Which products the calibrator measures on a processor.
#pragma once

#include <vector>

#include "calibrate/kernels/gemm/product_point.hpp"

namespace orrery::calibrate::gemm {

/// docs/systems/tvw.md, "Calibration points", in sizes for a processor: dense products over M and
/// (N, K), TW-2D over sparsity, G and M, and unstructured ones in CSR; 2:4 saves storage only and
/// is not measured. At least 24 dense and TW products, of all three widths of a last strip (of
/// `strip` tokens when full). First those that span the space, so that any beginning of it of a
/// dozen can be fitted.
std::vector<ProductPoint> cpu_products(int threads, int strip);

}  // namespace orrery::calibrate::gemm
