#include "models/zoo/model_description.hpp"

#include <algorithm>
#include <cmath>

#include "models/gemm/traffic.hpp"

namespace orrery::models {

namespace {

double stored_share(const Layer& layer, const gemm::Pruning& pruning, double element_bytes) {
  if (layer.parameters <= 0) return 1;
  double saved = 0;
  for (const MatrixProduct& product : layer.products) {
    if (product.role != ProductRole::weights) continue;
    gemm::GemmWork work =
        pruned_work({1, std::llround(product.outputs), std::llround(product.depth)}, pruning);
    work.element_bytes = element_bytes;
    saved += product.count *
             (product.outputs * product.depth - gemm::weight_bytes(work) / element_bytes);
  }
  return std::max(0.0, 1 - saved / layer.parameters);
}

}  // namespace

std::string_view to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::published:
      return "published";
    case Provenance::inferred:
      return "inferred";
    case Provenance::designed:
      return "ours";
  }
  return "ours";
}

double parameters(const ModelDescription& model) {
  double sum = 0;
  for (const Layer& layer : model.layers) sum += layer.parameters;
  return sum;
}

double prunable_parameters(const Layer& layer) {
  double sum = 0;
  for (const MatrixProduct& product : layer.products)
    if (product.role == ProductRole::weights)
      sum += product.outputs * product.depth * product.count;
  return sum;
}

ModelDescription pruned(const ModelDescription& model, const gemm::Pruning& pruning) {
  ModelDescription out = model;
  out.pruning = pruning;
  bool some = false;
  for (Layer& layer : out.layers) {
    layer.stored_share = stored_share(layer, pruning, model.bytes_per_element);
    some |= prunable_parameters(layer) > 0;
  }
  if (some) return out;
  throw base::Error({}, "the model " + model.name +
                            " cannot be pruned: only sums of its matrix products are known");
}

double forward_flops(const ModelDescription& model) {
  double sum = 0;
  for (const Layer& layer : model.layers) sum += layer.forward_flops;
  return sum;
}

}  // namespace orrery::models
