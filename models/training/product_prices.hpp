// The matrix products of layers at the prices of one device.
#pragma once

#include <compare>
#include <map>

#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine.hpp"
#include "models/gemm/pruning.hpp"
#include "models/hardware/gpu_catalog.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// What the products of a pruned layer take, over the dense layer's.
struct PrunedShares {
  double forward = 1;
  double input_gradient = 1;
};

/// The shape of a layer's product for `samples` samples on one of `tp` ranks. Products that are
/// alike run as one launch with as many times the columns (ours).
gemm::GemmShape product_shape(const MatrixProduct& product, double samples, int tp);

/// Asked once for each shape and remembered, so that a search over plans may ask a million times.
/// Not for several threads at once.
class ProductPrices {
 public:
  /// `element_bytes` of inputs, weights and outputs: 2 on a GPU, 4 on a CPU; `peak` of the device
  /// in that format. Throws base::Error for a machine that no product can run on.
  ProductPrices(gemm::GemmMachine machine, double element_bytes, double peak_flops_per_second,
                bool measured);

  /// Whether the machine was fitted to measurements; else it is a data sheet's.
  bool measured() const { return measured_; }
  double peak() const { return peak_; }

  /// The cost of any product on the device; its element_bytes are the device's. A pruned one takes
  /// as much of the dense one as it does without the machine's residuals.
  gemm::GemmCost price(gemm::GemmWork work) const;

  /// Seconds of all products of a dense layer, forward.
  double dense_seconds(const Layer& layer, double samples, int tp) const;

  /// For a layer of a pruned model; products whose weights stay whole count as they are, so the
  /// shares are those of the layer. 1 where the layer has no known products. A machine's residuals
  /// correct dense products only, so shares are of products without them (ours).
  PrunedShares shares(const Layer& layer, double samples, int tp,
                      const gemm::Pruning& pruning) const;

 private:
  enum class Direction : std::uint8_t { dense, uncorrected_dense, forward, input_gradient };
  struct Question {
    std::int64_t m, n, k;
    Direction direction;
    gemm::Pruning pruning;
    auto operator<=>(const Question&) const = default;
  };
  double seconds(const Question& question) const;

  gemm::GemmMachine machine_;
  double element_bytes_;
  double peak_;
  bool measured_;
  mutable std::map<Question, double> known_;
};

/// A device as its data sheet has it, used where no measurement exists (ours): half of the peak,
/// seven tenths of the memory's rate, no waves and a cache without limit, because data sheets in
/// the catalog count neither multiprocessors nor caches; 2:4 at twice the dense rate from Ampere
/// on. CSR at 4.5 % of the dense rate: INFERRED from one RTX 3090 (VENOM artifact: CSR at 75 % runs
/// at 0.18 of dense).
gemm::GemmMachine data_sheet_machine(const GpuType& gpu);

}  // namespace orrery::models
