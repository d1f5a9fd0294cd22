// Layers of transformers, dense and with mixtures of experts.
#pragma once

#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// Dimensions of a dense transformer.
struct TransformerShape {
  double hidden = 0;      ///< h
  double ffn = 0;         ///< width of the feed-forward part; usually 4 h
  double heads = 0;       ///< a
  int layers = 0;         ///< L
  double sequence = 0;    ///< q, tokens of a sample
  double vocabulary = 0;  ///< V; 0: no embedding and no head
  double bytes_per_element = 2;
};

/// Dimensions of a mixture of experts in the manner of GShard: every second layer has experts,
/// each token goes to two of them.
struct ExpertShape {
  TransformerShape base;  ///< ffn: of dense layers and of each expert alike
  double experts = 0;     ///< E
  double group = 0;       ///< tokens that are dispatched together, S
};

/// One dense layer (docs/systems/crius.md, "Cost model"; activations of arXiv 2205.05198, table 2).
Layer transformer_layer(const TransformerShape& shape);

/// One layer with experts. Dispatch and combination are products with one-hot matrices, as GShard
/// writes them: 4 S h flops per token and direction.
Layer expert_layer(const ExpertShape& shape);

/// Embedding, layers and language-model head, weights of both ends shared.
std::vector<Layer> transformer_layers(const TransformerShape& shape);

/// The same with experts in every second layer, beginning with a dense one.
std::vector<Layer> expert_layers(const ExpertShape& shape);

}  // namespace orrery::models
