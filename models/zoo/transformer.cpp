#include "models/zoo/transformer.hpp"

namespace orrery::models {

namespace {

constexpr ProductRole kIntact = ProductRole::intact_weights;
constexpr ProductRole kActivations = ProductRole::activations;

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
  layer.products = {
      {.rows = s.sequence, .outputs = s.vocabulary, .depth = s.hidden, .role = kIntact}};
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
  const double width = h / s.heads;
  part.products = {{.rows = tokens, .outputs = 3 * h, .depth = h},
                   {.rows = tokens,
                    .outputs = tokens,
                    .depth = width,
                    .count = s.heads,
                    .role = kActivations,
                    .cut = ProductCut::count},
                   {.rows = tokens,
                    .outputs = width,
                    .depth = tokens,
                    .count = s.heads,
                    .role = kActivations,
                    .cut = ProductCut::count},
                   {.rows = tokens, .outputs = h, .depth = h, .cut = ProductCut::depth}};
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

/// Experts, spread over the tensor-parallel group; dispatch and combination; the gate.
void append_expert_products(Layer& layer, const ExpertShape& shape, double slots) {
  const TransformerShape& s = shape.base;
  const double per_expert = slots / shape.experts;
  const auto add = [&](const MatrixProduct& product) { layer.products.push_back(product); };
  add({.rows = per_expert,
       .outputs = s.ffn,
       .depth = s.hidden,
       .count = shape.experts,
       .cut = ProductCut::count});
  add({.rows = per_expert,
       .outputs = s.hidden,
       .depth = s.ffn,
       .count = shape.experts,
       .cut = ProductCut::count});
  const double per_token = slots / s.sequence;
  add({.rows = per_token * shape.group,
       .outputs = s.hidden,
       .depth = shape.group,
       .count = 2 * s.sequence / shape.group,
       .role = kActivations,
       .cut = ProductCut::count});
  add({.rows = s.sequence, .outputs = shape.experts, .depth = s.hidden, .role = kIntact});
}

}  // namespace

Layer transformer_layer(const TransformerShape& s) {
  const double tokens = s.sequence;
  const double h = s.hidden;
  const double p = s.bytes_per_element;
  Layer layer = attention_part(s);
  layer.kind = LayerKind::transformer;
  layer.forward_flops += 4 * tokens * h * s.ffn;
  layer.products.push_back({.rows = tokens, .outputs = s.ffn, .depth = h});
  layer.products.push_back(
      {.rows = tokens, .outputs = h, .depth = s.ffn, .cut = ProductCut::depth});
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
  append_expert_products(layer, shape, slots);
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
