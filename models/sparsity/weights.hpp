// Weight tensors of a file as layers to prune.
#pragma once

#include "models/base/tensor.hpp"
#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

/// In which order a file holds a layer's weights.
enum class WeightLayout {
  inputs_first,   ///< (K, N) and (kh, kw, Cin, Cout), as TensorFlow does
  outputs_first,  ///< (N, K) and (Cout, Cin, kh, kw), as PyTorch does
};

/// Magnitudes |w| of a tensor of two or four dimensions as K x N scores; of four, rows are numbered
/// by (kh, kw, Cin), the input channel fastest (im2col). Throws base::Error naming `file` and the
/// tensor for other shapes, sizes of 0 and sizes that do not fit 31 bits.
Scores magnitudes(const base::Tensor& tensor, WeightLayout layout, const std::string& file);

}  // namespace orrery::models::sparsity
