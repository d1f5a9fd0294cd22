// GPT models of the Megatron papers and of Sailor.
#include <array>

#include "models/zoo/families.hpp"
#include "models/zoo/transformer.hpp"

namespace orrery::models {

namespace {

struct Gpt {
  std::string_view name;
  double parameters;
  double hidden;
  int layers;
  double heads;
  double vocabulary;
  Provenance provenance;
  std::string_view source;
};

constexpr std::string_view kMegatron =
    "arXiv 2205.05198, table 3; the vocabulary of 51,200 inferred from its section 5";
constexpr std::string_view kOpt =
    "OPT (arXiv 2205.01068, table 1); its embedding of width 512 taken as full width";
constexpr std::string_view kNeo = "GPT-Neo 2.7B, published configuration of the model";

constexpr std::array<Gpt, 6> kGpt{{
    {"megatron-22B", 22e9, 6144, 48, 64, 51200, Provenance::published, kMegatron},
    {"gpt3-175B", 175e9, 12288, 96, 96, 51200, Provenance::published, kMegatron},
    {"turing-530B", 530e9, 20480, 105, 128, 51200, Provenance::published, kMegatron},
    {"megatron-1T", 1e12, 25600, 128, 160, 51200, Provenance::published, kMegatron},
    {"OPT-350M", 350e6, 1024, 24, 16, 50272, Provenance::published, kOpt},
    {"GPT-Neo-2.7B", 2.7e9, 2560, 32, 20, 50257, Provenance::published, kNeo},
}};

}  // namespace

std::vector<ModelDescription> language_models() {
  std::vector<ModelDescription> models;
  for (const Gpt& gpt : kGpt) {
    ModelDescription model;
    model.name = gpt.name;
    model.family = "gpt";
    model.published_parameters = gpt.parameters;
    model.provenance = gpt.provenance;
    model.source = gpt.source;
    model.layers = transformer_layers({.hidden = gpt.hidden,
                                       .ffn = 4 * gpt.hidden,
                                       .heads = gpt.heads,
                                       .layers = gpt.layers,
                                       .sequence = 2048,
                                       .vocabulary = gpt.vocabulary});
    models.push_back(std::move(model));
  }
  return models;
}

}  // namespace orrery::models
