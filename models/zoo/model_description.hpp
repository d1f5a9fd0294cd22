// What a model is to a cost model: a chain of layers, each a handful of numbers per sample.
//
// A sample is what the global batch counts: a sequence for transformers, an image for
// convolutions, a recording, a user-item pair. All costs are of one sample, forward, in the
// model's own number format; the backward pass, recomputation and sharding are the business of
// models/training. Layers are the units that a pipeline may cut between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/gemm/pruning.hpp"

namespace orrery::models {

/// What a layer's heavy operators are: kernels of different kinds attain different rates.
enum class LayerKind : std::uint8_t {
  embedding,
  transformer,
  mixture_of_experts,
  convolution,
  head
};
constexpr std::size_t kLayerKinds = 5;

/// What the right-hand matrix of a product is.
enum class ProductRole : std::uint8_t {
  weights,         ///< weights that pruning may cut
  intact_weights,  ///< weights that pruning leaves alone (ours): gates, heads
  activations,     ///< no weights: attention, dispatch; a product of its own for each sample
};

/// What tensor parallelism divides of a product.
enum class ProductCut : std::uint8_t { outputs, depth, count };

/// Products of one shape in a layer, forward: Y[M, N] = X[M, K] W. Convolutions are lowered by
/// im2col: M output pixels, K = kernel area times input channels.
struct MatrixProduct {
  double rows = 0;     ///< M of one sample
  double outputs = 0;  ///< N
  double depth = 0;    ///< K
  double count = 1;    ///< so many alike
  ProductRole role = ProductRole::weights;
  ProductCut cut = ProductCut::outputs;

  double flops() const { return 2 * rows * outputs * depth * count; }
};

/// One layer, per sample and forward unless said otherwise.
///
/// Activations that the backward pass needs come in four parts, because sharding and recomputation
/// treat them differently (Korthikanti et al., arXiv 2205.05198, section 4): replicated on every
/// rank of a tensor-parallel group (divided too under sequence parallelism), sharded over it,
/// sharded and dropped by selective recomputation, and the input alone, which full recomputation
/// keeps.
struct Layer {
  LayerKind kind = LayerKind::transformer;
  double forward_flops = 0;      ///< matrix products and convolutions, 2 per multiply-add
  double selective_flops = 0;    ///< the part that selective recomputation runs again
  double traffic_bytes = 0;      ///< memory traffic of the heavy operators, weights left out
  double parameters = 0;         ///< count, whatever the batch
  double stored_share = 1;       ///< bytes of its weights as stored over those of dense ones
  double shared_parameters = 0;  ///< of the first layer, held here too where another stage has them
  double output_bytes = 0;       ///< handed to the next layer
  double input_bytes = 0;        ///< kept under full recomputation
  double kept_replicated_bytes = 0;  ///< kept, not divided by tensor parallelism
  double kept_sharded_bytes = 0;     ///< kept, divided by tensor parallelism
  double kept_selective_bytes = 0;   ///< kept and divided; dropped by selective recomputation
  /// Traffic of tensor parallelism in one forward pass: so many all-reduces of so many bytes each.
  double all_reduce_bytes = 0;
  int all_reduces = 0;
  /// Traffic of expert parallelism (experts spread over the tensor-parallel group), likewise.
  double all_to_all_bytes = 0;
  int all_to_alls = 0;
  /// Small all-reduces among the replicas of data parallelism in one forward pass: batch
  /// statistics, which count the global batch; their bytes in sum do not depend on it.
  double statistics_bytes = 0;
  int statistics_all_reduces = 0;
  /// The products that forward_flops counts; empty where only their sum is known.
  std::vector<MatrixProduct> products;
};

/// Where a model's dimensions come from.
enum class Provenance : std::uint8_t {
  published,  ///< dimensions read in a paper or a published configuration
  inferred,   ///< dimensions deduced so that the published size comes out
  designed,   ///< ours: total flops, parameters and activations of a usual variant
};

/// `published`, `inferred`, `ours`.
std::string_view to_string(Provenance provenance);

/// A model of one size. Invariant: at least one layer, every number finite and not negative.
struct ModelDescription {
  std::string name;    ///< `bert__1.3B`, `ResNet-50`
  std::string family;  ///< `bert`, `wide_resnet`, `moe`, `resnet`, ...
  std::vector<Layer> layers;
  double bytes_per_element = 2;     ///< of weights and activations: 2 or 4
  double published_parameters = 0;  ///< the size that its name states; 0 where it states none
  Provenance provenance = Provenance::designed;
  std::string_view source;  ///< where the dimensions stand, one sentence
  std::optional<gemm::Pruning> pruning = std::nullopt;  ///< how its weights are pruned
};

/// Parameters of all layers.
double parameters(const ModelDescription& model);

/// Parameters of a layer that pruning may cut: those of its products of role `weights`.
double prunable_parameters(const Layer& layer);

/// The model with its weights pruned: `pruning` and the layers' stored_share are set, every other
/// number stays that of the dense model, and models/training knows what the pruning changes. Throws
/// base::Error for a model without a layer that can be pruned, because only sums of its products
/// are known.
ModelDescription pruned(const ModelDescription& model, const gemm::Pruning& pruning);

/// Forward flops of one sample through all layers.
double forward_flops(const ModelDescription& model);

}  // namespace orrery::models
