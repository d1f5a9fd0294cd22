#include "models/zoo/transformer.hpp"

namespace orrery::models {

namespace {

Layer embedding_layer(const TransformerShape& s) {
  const double plane = s.sequence * s.hidden * s.bytes_per_element;
  Layer layer;
  layer.kind = LayerKind::embedding;
  layer.traffic_bytes = 2 * plane;
  layer.parameters = (s.vocabulary + s.sequence) * s.hidden;
  layer.output_bytes = plane;
  layer.kept_replicated_bytes = s.sequence * s.hidden;  // the mask of dropout
  layer.all_reduce_bytes = plane;
  layer.all_reduces = 1;
  return layer;
}

Layer head_layer(const TransformerShape& s) {
  const double plane = s.sequence * s.hidden * s.bytes_per_element;
  const double logits = s.sequence * s.vocabulary * s.bytes_per_element;
  Layer layer;
  layer.kind = LayerKind::head;
  layer.forward_flops = 2 * s.sequence * s.hidden * s.vocabulary;
  layer.traffic_bytes = plane + logits;
  layer.parameters = 2 * s.hidden;
  layer.shared_parameters = s.vocabulary * s.hidden;
  layer.output_bytes = 0;
  layer.input_bytes = plane;
  layer.kept_replicated_bytes = 2 * plane;
  layer.kept_sharded_bytes = 2 * logits;  // the loss works in four bytes
  return layer;
}

/// The attention part, which dense and expert layers share; one all-reduce.
Layer attention_part(const TransformerShape& s) {
  const double tokens = s.sequence;
  const double h = s.hidden;
  const double p = s.bytes_per_element;
  const double scores = s.heads * tokens * tokens;
  Layer part;
  part.selective_flops = 4 * tokens * tokens * h;
  part.forward_flops = 8 * tokens * h * h + part.selective_flops;
  part.traffic_bytes = p * (10 * tokens * h + 2 * scores);
  part.parameters = 4 * h * h + 4 * h + 4 * h;  // biases and both normalisations
  part.output_bytes = p * tokens * h;
  part.input_bytes = p * tokens * h;
  // Inputs of the normalisation and of the projections, the mask of dropout.
  part.kept_replicated_bytes = (2 * p + 1) * tokens * h;
  // Queries, keys, values and the input of the output projection.
  part.kept_sharded_bytes = 4 * p * tokens * h;
  // Softmax, the mask of dropout and its output.
  part.kept_selective_bytes = (2 * p + 1) * scores;
  part.all_reduce_bytes = p * tokens * h;
  part.all_reduces = 1;
  return part;
}

}  // namespace

Layer transformer_layer(const TransformerShape& s) {
  const double tokens = s.sequence;
  const double h = s.hidden;
  const double p = s.bytes_per_element;
  Layer layer = attention_part(s);
  layer.kind = LayerKind::transformer;
  layer.forward_flops += 4 * tokens * h * s.ffn;
  layer.traffic_bytes += p * tokens * (2 * h + 2 * s.ffn);
  layer.parameters += 2 * h * s.ffn + s.ffn + h;
  layer.kept_replicated_bytes += (2 * p + 1) * tokens * h;
  layer.kept_sharded_bytes += 2 * p * tokens * s.ffn;  // before and after the activation
  layer.all_reduces = 2;
  return layer;
}

Layer expert_layer(const ExpertShape& shape) {
  constexpr double kExpertsPerToken = 2;
  const TransformerShape& s = shape.base;
  const double tokens = s.sequence;
  const double h = s.hidden;
  const double p = s.bytes_per_element;
  const double slots = kExpertsPerToken * tokens;
  const double dispatch = kExpertsPerToken * tokens * shape.group;  // entries of a one-hot matrix
  Layer layer = attention_part(s);
  layer.kind = LayerKind::mixture_of_experts;
  layer.forward_flops += 4 * slots * h * s.ffn              // experts
                         + 2 * 2 * dispatch * h             // dispatch and combination
                         + 2 * tokens * h * shape.experts;  // gate
  layer.traffic_bytes += p * (slots * (4 * h + 2 * s.ffn) + 2 * tokens * h + 2 * dispatch);
  layer.parameters += shape.experts * (2 * h * s.ffn + s.ffn + h) + h * shape.experts;
  layer.kept_replicated_bytes += (2 * p + 1) * tokens * h;
  layer.kept_sharded_bytes += p * (2 * slots * h + 2 * slots * s.ffn + 2 * dispatch);
  layer.all_to_all_bytes = p * slots * h;
  layer.all_to_alls = 2;
  return layer;
}

std::vector<Layer> transformer_layers(const TransformerShape& shape) {
  std::vector<Layer> layers;
  if (shape.vocabulary > 0) layers.push_back(embedding_layer(shape));
  layers.insert(layers.end(), static_cast<std::size_t>(shape.layers), transformer_layer(shape));
  if (shape.vocabulary > 0) layers.push_back(head_layer(shape));
  return layers;
}

std::vector<Layer> expert_layers(const ExpertShape& shape) {
  std::vector<Layer> layers = transformer_layers(shape.base);
  const Layer experts = expert_layer(shape);
  bool dense = true;
  for (Layer& layer : layers) {
    if (layer.kind != LayerKind::transformer) continue;
    if (!dense) layer = experts;
    dense = !dense;
  }
  return layers;
}

}  // namespace orrery::models
