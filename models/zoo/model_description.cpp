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

double forward_flops(const ModelDescription& model) {
  double sum = 0;
  for (const Layer& layer : model.layers) sum += layer.forward_flops;
  return sum;
}

}  // namespace orrery::models
