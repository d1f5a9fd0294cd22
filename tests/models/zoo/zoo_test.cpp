// The zoo: sizes come out as named, costs scale as they must, names are found.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "models/zoo/convolution.hpp"
#include "models/zoo/transformer.hpp"
#include "models/zoo/zoo.hpp"

using namespace orrery::models;

namespace {

const ModelDescription& model(std::string_view name) {
  const ModelDescription* found = find_model(name);
  REQUIRE(found != nullptr);
  return *found;
}

constexpr TransformerShape kShape{
    .hidden = 1024, .ffn = 4096, .heads = 16, .layers = 24, .sequence = 512, .vocabulary = 32000};

}  // namespace

TEST_CASE("parameters of every model add up to its published size within 4 percent") {
  int compared = 0;
  for (const std::string& name : model_names()) {
    const ModelDescription& m = model(name);
    if (m.published_parameters == 0) continue;
    CAPTURE(name);
    CHECK(std::abs(parameters(m) / m.published_parameters - 1) < 0.04);
    ++compared;
  }
  CHECK(compared >= 30);
}

TEST_CASE("every model is complete") {
  CHECK(std::is_sorted(model_names().begin(), model_names().end()));
  CHECK(std::adjacent_find(model_names().begin(), model_names().end()) == model_names().end());
  for (const std::string& name : model_names()) {
    const ModelDescription& m = model(name);
    CAPTURE(name);
    CHECK(m.name == name);
    CHECK(!m.source.empty());
    CHECK(!m.family.empty());
    REQUIRE(!m.layers.empty());
    CHECK((m.bytes_per_element == 2 || m.bytes_per_element == 4));
    for (std::size_t k = 0; k < m.layers.size(); ++k) {
      const Layer& layer = m.layers[k];
      for (const double number :
           {layer.forward_flops, layer.selective_flops, layer.traffic_bytes, layer.parameters,
            layer.shared_parameters, layer.output_bytes, layer.input_bytes,
            layer.kept_replicated_bytes, layer.kept_sharded_bytes, layer.kept_selective_bytes,
            layer.all_reduce_bytes, layer.all_to_all_bytes, layer.statistics_bytes}) {
        CHECK(std::isfinite(number));
        CHECK(number >= 0);
      }
      CHECK(layer.selective_flops <= layer.forward_flops);
      if (k + 1 < m.layers.size()) CHECK(layer.output_bytes > 0);
    }
  }
}

TEST_CASE("a transformer layer has the flops and bytes of the closed forms") {
  const double q = kShape.sequence;
  const double h = kShape.hidden;
  const double a = kShape.heads;
  const Layer layer = transformer_layer(kShape);
  CHECK(layer.forward_flops == 24 * q * h * h + 4 * q * q * h);
  CHECK(layer.parameters == 12 * h * h + 13 * h);
  CHECK(layer.output_bytes == 2 * q * h);
  // arXiv 2205.05198, equation 1: s b h (34 + 5 a s / h), of which 10 s b h are not divided.
  CHECK(layer.kept_replicated_bytes == 10 * q * h);
  CHECK(layer.kept_sharded_bytes == 24 * q * h);
  CHECK(layer.kept_selective_bytes == 5 * a * q * q);
  CHECK(layer.all_reduces == 2);
  CHECK(layer.all_reduce_bytes == 2 * q * h);
}

TEST_CASE("experts multiply parameters and not flops") {
  const ExpertShape few{.base = kShape, .experts = 8, .group = 1024};
  ExpertShape many = few;
  many.experts = 16;
  const double expert = 2 * 1024.0 * 4096 + 4096 + 1024 + 1024;  // and its column of the gate
  CHECK(expert_layer(many).parameters - expert_layer(few).parameters == 8 * expert);
  CHECK(expert_layer(many).forward_flops - expert_layer(few).forward_flops ==
        2 * 8 * 512.0 * 1024);  // the gate alone
  const auto layers = expert_layers(few);
  CHECK(std::count_if(layers.begin(), layers.end(), [](const Layer& l) {
          return l.kind == LayerKind::mixture_of_experts;
        }) == 12);
}

TEST_CASE("a convolution has 2 flops per weight and pixel") {
  // One stem of 7 x 7 x 3 x 64 on 112 x 112 outputs.
  const auto layers = residual_layers({.blocks = {1, 1, 1, 1}});
  CHECK(layers.front().forward_flops == 2.0 * 49 * 3 * 64 * 112 * 112);
  CHECK(layers.size() == 6);
}

TEST_CASE("published totals of well-known models come out") {
  // He et al., table 1: 3.8e9 multiply-adds (without shortcuts' convolutions, which have 0.3e9).
  CHECK(forward_flops(model("ResNet-50")) == doctest::Approx(2 * 4.1e9).epsilon(0.02));
}

TEST_CASE("larger sizes of a family cost more") {
  for (const auto& sizes :
       {std::vector<std::string>{"bert__760M", "bert__1.3B", "bert__2.6B", "bert__6.7B",
                                 "bert__15B", "bert__39B"},
        {"moe__690M", "moe__1.3B", "moe__2.4B", "moe__10B", "moe__27B", "moe__70B"},
        {"wide_resnet__500M", "wide_resnet__1B", "wide_resnet__2B", "wide_resnet__4B",
         "wide_resnet__6.8B", "wide_resnet__13B"}}) {
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      CAPTURE(sizes[i]);
      CHECK(parameters(model(sizes[i])) > parameters(model(sizes[i - 1])));
      CHECK(forward_flops(model(sizes[i])) > forward_flops(model(sizes[i - 1])));
    }
  }
}

TEST_CASE("names are found as traces and tables write them") {
  CHECK(find_model("bert__1.3B") == find_model("bert-1.3b"));
  CHECK(find_model("ResNet-18 (batch size 64)") == find_model("ResNet-18"));
  CHECK(find_model("cifar10") == find_model("ResNet-18"));
  CHECK(find_model("imagenet") == find_model("ResNet-50"));
  CHECK(find_model("OPT-350") == find_model("OPT-350M"));
  CHECK(model("gpt_pmp").name == "GPT-2.8B");
  CHECK(model("bert").name == "BERT-base");
  CHECK(find_model("") == nullptr);
  CHECK(find_model("bert__1.4B") == nullptr);
}

TEST_CASE("an unknown name leads to the nearest one") {
  CHECK(suggest_model("bert__1.4B") == "bert__1.3B");
  CHECK(suggest_model("wideresnet-1B") == "wide_resnet__1B");
  CHECK(suggest_model("zebra-of-the-savanna").empty());
}

TEST_CASE("the products of a layer are its flops, and its weights are among its parameters") {
  int layers = 0;
  for (const std::string& name : model_names()) {
    CAPTURE(name);
    for (const Layer& layer : model(name).layers) {
      if (layer.products.empty()) continue;
      double flops = 0;
      for (const MatrixProduct& product : layer.products) flops += product.flops();
      CHECK(flops == doctest::Approx(layer.forward_flops).epsilon(1e-9));
      CHECK(prunable_parameters(layer) <= layer.parameters);
      ++layers;
    }
  }
  CHECK(layers > 500);
}

TEST_CASE("a pruned model stores fewer weights and keeps its other numbers") {
  const ModelDescription& dense = model("bert__1.3B");
  const ModelDescription tw = pruned(dense, {gemm::GemmKernel::tw, 0.75, 128});
  const ModelDescription whole = pruned(dense, {gemm::GemmKernel::tw, 0, 128});
  for (std::size_t k = 0; k < dense.layers.size(); ++k) {
    const Layer& layer = dense.layers[k];
    CHECK(tw.layers[k].parameters == layer.parameters);
    CHECK(tw.layers[k].forward_flops == layer.forward_flops);
    CHECK(whole.layers[k].stored_share == doctest::Approx(1).epsilon(1e-9));
    const bool transformer = layer.kind == LayerKind::transformer;
    CHECK(tw.layers[k].stored_share == doctest::Approx(transformer ? 0.25 : 1).epsilon(0.02));
  }
  // Two of four values and their places in two bits each.
  const ModelDescription half = pruned(dense, {gemm::GemmKernel::two_of_four, 0.5, 128});
  CHECK(half.layers[1].stored_share == doctest::Approx(9.0 / 16).epsilon(0.01));
  CHECK_THROWS_AS(pruned(model("A3C"), {gemm::GemmKernel::tw, 0.75, 128}), orrery::base::Error);
}
