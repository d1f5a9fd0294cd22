#include "models/zoo/model_description.hpp"

namespace orrery::models {

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
  for (const Layer& layer : model.layers)
    if (prunable_parameters(layer) > 0) return out;
  throw base::Error({}, "the model " + model.name +
                            " cannot be pruned: only sums of its matrix products are known");
}

double forward_flops(const ModelDescription& model) {
  double sum = 0;
  for (const Layer& layer : model.layers) sum += layer.forward_flops;
  return sum;
}

}  // namespace orrery::models
