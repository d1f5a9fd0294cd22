// The job types of Gavel and the applications of Sia: small models that run data-parallel.
//
// Residual networks and transformers are built from their published dimensions. The others are
// OURS: totals of a usual variant, spread evenly over a few layers; measured tables are what such
// jobs normally run by, and these descriptions only stand in where a table has no row.
#include <array>

#include "models/zoo/convolution.hpp"
#include "models/zoo/families.hpp"
#include "models/zoo/transformer.hpp"

namespace orrery::models {

namespace {

/// Totals of a model, per sample and forward.
struct Totals {
  std::string_view name;
  LayerKind kind;
  int layers;
  double forward_flops;
  double parameters;
  double activations;  ///< elements kept for the backward pass
  double passed_on;    ///< elements between layers
  std::string_view source;
};

constexpr std::array<Totals, 7> kTotals{{
    {"LM", LayerKind::transformer, 3, 9.4e8, 14e6, 1.2e6, 14e3,
     "ours: two LSTM layers of width 200 over a vocabulary of 33,278, 35 steps"},
    {"Recommendation", LayerKind::transformer, 4, 3.2e7, 16e6, 8e4, 6e2,
     "ours: auto-encoder of 20,108 items with a hidden layer of 600 and of 200"},
    {"CycleGAN", LayerKind::convolution, 24, 2.4e11, 28e6, 2.5e8, 4e6,
     "ours: two generators of nine blocks and two discriminators on 256 x 256 images"},
    {"A3C", LayerKind::convolution, 5, 1.0e8, 4e6, 1e5, 1e4,
     "ours: four convolutions and a recurrent layer on 80 x 80 frames, 20 steps"},
    {"deepspeech2", LayerKind::transformer, 7, 1.6e10, 41e6, 1.5e7, 4e5,
     "ours: two convolutions and five recurrent layers, recordings of 7 s"},
    {"ncf", LayerKind::embedding, 4, 2e5, 31e6, 1e3, 256,
     "ours: neural collaborative filtering on MovieLens 20M"},
    {"yolov3", LayerKind::convolution, 25, 6.6e10, 62e6, 7e7, 2e6,
     "ours: 53 and 22 convolutions on 416 x 416 images"},
}};

ModelDescription from_totals(const Totals& totals) {
  constexpr double kBytes = 4;
  ModelDescription model;
  model.name = totals.name;
  model.family = totals.name;
  model.bytes_per_element = kBytes;
  model.source = totals.source;
  Layer layer;
  const double n = totals.layers;
  layer.kind = totals.kind;
  layer.forward_flops = totals.forward_flops / n;
  layer.parameters = totals.parameters / n;
  layer.output_bytes = kBytes * totals.passed_on;
  layer.input_bytes = layer.output_bytes;
  layer.kept_sharded_bytes = kBytes * totals.activations / n;
  layer.traffic_bytes = layer.kept_sharded_bytes + layer.output_bytes;
  layer.all_reduces = 1;
  layer.all_reduce_bytes = layer.output_bytes;
  model.layers.assign(static_cast<std::size_t>(totals.layers), layer);
  return model;
}

ModelDescription residual(std::string_view name, const ResidualShape& shape, double published) {
  ModelDescription model;
  model.name = name;
  model.family = "resnet";
  model.bytes_per_element = shape.bytes_per_element;
  model.published_parameters = published;
  model.provenance = Provenance::published;
  model.source = "He et al., arXiv 1512.03385, table 1";
  model.layers = residual_layers(shape);
  return model;
}

ModelDescription language(std::string_view name, const TransformerShape& shape, double published,
                          Provenance provenance, std::string_view source) {
  ModelDescription model;
  model.name = name;
  model.family = "small-transformer";
  model.bytes_per_element = shape.bytes_per_element;
  model.published_parameters = published;
  model.provenance = provenance;
  model.source = source;
  model.layers = transformer_layers(shape);
  return model;
}

}  // namespace

std::vector<ModelDescription> small_models() {
  std::vector<ModelDescription> models;
  for (const Totals& totals : kTotals) models.push_back(from_totals(totals));
  models.push_back(residual(
      "ResNet-18",
      {.blocks = {2, 2, 2, 2}, .bottleneck = false, .image = 32, .small_stem = true, .classes = 10},
      11.2e6));
  models.push_back(residual("ResNet-50", {.blocks = {3, 4, 6, 3}}, 25.6e6));
  models.push_back(language("BERT-base",
                            {.hidden = 768,
                             .ffn = 3072,
                             .heads = 12,
                             .layers = 12,
                             .sequence = 384,
                             .vocabulary = 30522,
                             .bytes_per_element = 4},
                            110e6, Provenance::published, "Devlin et al., arXiv 1810.04805"));
  models.push_back(language("Transformer",
                            {.hidden = 512,
                             .ffn = 2048,
                             .heads = 8,
                             .layers = 14,
                             .sequence = 50,
                             .vocabulary = 37000,
                             .bytes_per_element = 4},
                            65e6, Provenance::inferred,
                            "Vaswani et al., arXiv 1706.03762, base; two layers in place of the "
                            "attention of decoders to the encoder"));
  models.push_back(language("GPT-2.8B",
                            {.hidden = 2560,
                             .ffn = 10240,
                             .heads = 32,
                             .layers = 34,
                             .sequence = 2048,
                             .vocabulary = 50257},
                            2.8e9, Provenance::inferred,
                            "Sia's size; dimensions inferred from it"));
  return models;
}

}  // namespace orrery::models
