// How the weights of a model that trains are pruned, and the products that are left to run.
//
// Which products of a training step run pruned is ours, not the papers'; models/training/
// pruned_training.hpp says how. TW, TVW, 2:4, BW and EW are those of models/sparsity with uniform
// panels, as models/gemm/work.hpp makes them where no weights are at hand.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "models/base/error.hpp"
#include "models/gemm/work.hpp"

namespace orrery::models::gemm {

/// How a model is pruned: `tw/0.75/128`.
struct Pruning {
  GemmKernel kernel = GemmKernel::tw;  ///< tw, tvw, two_of_four, bw, or csr for EW
  double sparsity = 0.75;              ///< total; 0.5 for 2:4, from 0.5 on for TVW
  std::int32_t width = 128;            ///< columns of a panel of TW and TVW, side of a block of BW

  auto operator<=>(const Pruning&) const = default;
};

/// Widths that are taken where none is said: 128 columns, blocks of 32 (read: artifact).
std::int32_t usual_width(GemmKernel kernel);

/// `tw/0.75/128`, `2:4/0.5`, `ew/0.9`: what traces hold and reports show. parse_pruning gives it
/// back; the width may be left out.
std::string to_text(const Pruning& pruning);

/// Throws base::Error at `where` for a text that is not such a name, and as check().
Pruning parse_pruning(std::string_view text, const base::Where& where);

/// The pattern of that name. Throws base::Error at `where`, naming the nearest.
GemmKernel pruning_kernel(std::string_view name, const base::Where& where);

/// Throws base::Error at `where` for a sparsity outside [0, 1), other than 0.5 for 2:4, below 0.5
/// for TVW, and a width that is not from 1 to 65536.
void check(const Pruning& pruning, const base::Where& where);

/// The pruned product of a forward pass.
GemmWork pruned_work(const GemmShape& shape, const Pruning& pruning);

/// The product that gives the gradient of the input, dX[M, K] = dY[M, N] W^T, of a product of
/// `shape` forward. 2:4 holds along K, which is no longer the reduction, so TVW runs as TW and 2:4
/// as dense; TW, BW and CSR skip the same weights as forward and are taken to cost as much (ours).
GemmWork input_gradient_work(const GemmShape& shape, const Pruning& pruning);

}  // namespace orrery::models::gemm
