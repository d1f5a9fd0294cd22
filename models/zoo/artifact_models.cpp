// bert, moe and wide_resnet at the sizes of the Crius artifact.
//
// READ: dimensions in the benchmark suites of Alpa (alpa-projects/alpa, benchmark/alpa/suite_*.py),
// which the artifact (sjtu-epcc/arena, runtime/crius_worker/jax/configs.py) repeats.
// INFERRED: which convolution of a wide_resnet block is widened, and that every second layer of a
// moe has experts of width 8 h: so the parameters come out within 4 % of the names.
#include <array>

#include "models/zoo/convolution.hpp"
#include "models/zoo/families.hpp"
#include "models/zoo/transformer.hpp"

namespace orrery::models {

namespace {

struct Size {
  std::string_view name;
  double parameters;
};

struct BertSize {
  Size size;
  double hidden;
  int layers;
  double heads;
};

constexpr std::array<BertSize, 7> kBert{{
    {{"350M", 350e6}, 1024, 24, 16},
    {{"760M", 760e6}, 1536, 24, 16},
    {{"1.3B", 1.3e9}, 2048, 24, 32},
    {{"2.6B", 2.6e9}, 2560, 32, 32},
    {{"6.7B", 6.7e9}, 4096, 32, 32},
    {{"15B", 15e9}, 5120, 48, 40},
    {{"39B", 39e9}, 8192, 48, 64},
}};

struct MoeSize {
  Size size;
  double hidden;
  int layers;
  double experts;
};

constexpr std::array<MoeSize, 6> kMoe{{
    {{"690M", 690e6}, 768, 8, 16},
    {{"1.3B", 1.3e9}, 768, 16, 16},
    {{"2.4B", 2.4e9}, 1024, 16, 16},
    {{"10B", 10e9}, 1536, 16, 32},
    {{"27B", 27e9}, 2048, 16, 48},
    {{"70B", 70e9}, 2048, 32, 64},
}};

struct WideSize {
  Size size;
  double channels;
  double width_factor;
  int third_group;  // blocks: 6 for 50 layers, 23 for 101
};

constexpr std::array<WideSize, 6> kWide{{
    {{"500M", 500e6}, 224, 2, 6},
    {{"1B", 1e9}, 320, 2, 6},
    {{"2B", 2e9}, 448, 2, 6},
    {{"4B", 4e9}, 640, 2, 6},
    {{"6.8B", 6.8e9}, 320, 16, 6},
    {{"13B", 13e9}, 320, 16, 23},
}};

ModelDescription described(std::string_view family, const Size& size, Provenance provenance,
                           std::string_view source) {
  ModelDescription model;
  model.name = std::string(family) + "__" + std::string(size.name);
  model.family = family;
  model.published_parameters = size.parameters;
  model.provenance = provenance;
  model.source = source;
  return model;
}

ModelDescription bert(const BertSize& size) {
  auto model = described("bert", size.size, Provenance::published,
                         "Alpa benchmark suite, suite_manual_gpt.py");
  model.layers = transformer_layers({.hidden = size.hidden,
                                     .ffn = 4 * size.hidden,
                                     .heads = size.heads,
                                     .layers = size.layers,
                                     .sequence = 1024,
                                     .vocabulary = 51200});
  return model;
}

ModelDescription moe(const MoeSize& size) {
  auto model =
      described("moe", size.size, Provenance::inferred,
                "Alpa benchmark suite, suite_manual_moe.py; width of the experts inferred");
  model.layers = expert_layers({.base = {.hidden = size.hidden,
                                         .ffn = 8 * size.hidden,
                                         .heads = 16,
                                         .layers = size.layers,
                                         .sequence = 1024,
                                         .vocabulary = 32000},
                                .experts = size.experts,
                                .group = 2048});
  return model;
}

ModelDescription wide_resnet(const WideSize& size) {
  auto model =
      described("wide_resnet", size.size, Provenance::inferred,
                "Alpa benchmark suite, suite_wresnet.py; the widened convolution inferred");
  model.bytes_per_element = 4;
  model.layers = residual_layers({.channels = size.channels,
                                  .width_factor = size.width_factor,
                                  .blocks = {3, 4, size.third_group, 3},
                                  .classes = 1024});
  return model;
}

}  // namespace

std::vector<ModelDescription> artifact_models() {
  std::vector<ModelDescription> models;
  for (const BertSize& size : kBert) models.push_back(bert(size));
  for (const MoeSize& size : kMoe) models.push_back(moe(size));
  for (const WideSize& size : kWide) models.push_back(wide_resnet(size));
  return models;
}

}  // namespace orrery::models
