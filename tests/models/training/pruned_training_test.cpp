// What a pruned model costs to train: less where the kernels gain, never less than the parts that
// stay dense.
#include "models/training/pruned_training.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "models/training/estimator.hpp"
#include "models/training/memory.hpp"
#include "models/training/profile_costs.hpp"
#include "models/zoo/zoo.hpp"
#include "tests/models/training/profile_support.hpp"

using namespace orrery;
using namespace orrery::models;
using gemm::GemmKernel;
using gemm::Pruning;

namespace {

/// Devices with a measured machine and with a data sheet's.
std::vector<DeviceCosts> measured_and_data_sheet_devices() {
  std::vector<DeviceCosts> out;
  for (const char* name : {"a100-40g", "h100", "v100-32g"})
    out.push_back(data_sheet_costs(*find_gpu(name)));
  DeviceCosts measured = data_sheet_costs(*find_gpu("a100-40g"));
  use_profile(measured, test::made_up_profile("a100-40g", "cuda", test::made_up_machine()));
  out.push_back(measured);
  ProfileFile cpu = test::made_up_profile("cpu-made-up", "cpu", test::made_up_processor());
  cpu.profile.hardware = {{"memory_bytes", 512e9}};
  out.push_back(profile_only_costs(cpu));
  return out;
}

double iteration_of(const ModelDescription& model, const DeviceCosts& device) {
  return estimate(model, 128, device, {1, 4}, usual_options(model)).iteration_seconds();
}

constexpr std::array<const char*, 4> kModels{"bert__350M", "moe__690M", "BERT-base", "ResNet-50"};

}  // namespace

TEST_CASE("a model of which nothing is pruned costs what the dense one costs, within a tenth") {
  for (const DeviceCosts& device : measured_and_data_sheet_devices())
    for (const char* name : kModels) {
      CAPTURE(device.gpu_type);
      CAPTURE(name);
      const ModelDescription& dense = *find_model(name);
      const double whole = iteration_of(pruned(dense, {GemmKernel::tw, 0, 128}), device);
      CHECK(whole / iteration_of(dense, device) == doctest::Approx(1).epsilon(0.1));
    }
}

TEST_CASE("a sparser layer is never slower") {
  for (const DeviceCosts& device : measured_and_data_sheet_devices())
    for (const std::string name : kModels)
      for (const GemmKernel kernel :
           {GemmKernel::tw, GemmKernel::tvw, GemmKernel::bw, GemmKernel::csr}) {
        const ModelDescription& model = *find_model(name);
        const Layer& layer = model.layers[model.layers.size() / 2];
        PrunedShares last{1e300, 1e300};
        for (const double sparsity : {0.5, 0.625, 0.75, 0.875, 0.9375}) {
          CAPTURE(device.gpu_type);
          CAPTURE(name);
          CAPTURE(to_text(Pruning{kernel, sparsity, 128}));
          const PrunedShares now = device.products->shares(layer, 8, 1, {kernel, sparsity, 128});
          CHECK(now.forward <= last.forward);
          CHECK(now.input_gradient <= last.input_gradient);
          last = now;
        }
      }
}

TEST_CASE("the weight gradient stays dense") {
  // With half the backward pass for the input, a third of a step without recomputation cannot fall.
  for (const DeviceCosts& device : measured_and_data_sheet_devices()) {
    CAPTURE(device.gpu_type);
    const ModelDescription& dense = *find_model("BERT-base");
    const double share = iteration_of(pruned(dense, {GemmKernel::tw, 0.9375, 128}), device) /
                         iteration_of(dense, device);
    CHECK(share < 0.95);
    CHECK(share > 1.0 / 3);
  }
}

TEST_CASE("2:4 gains forward alone, and nothing where a device has no such units") {
  const Layer& layer = find_model("bert__1.3B")->layers[1];
  const Pruning half{GemmKernel::two_of_four, 0.5, 128};
  const DeviceCosts ampere = data_sheet_costs(*find_gpu("a100-40g"));
  const PrunedShares fast = ampere.products->shares(layer, 4, 1, half);
  CHECK(fast.forward < 0.75);
  CHECK(fast.input_gradient == 1);
  const DeviceCosts volta = data_sheet_costs(*find_gpu("v100-32g"));
  CHECK(volta.products->shares(layer, 4, 1, half).forward == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("weights take the memory they are stored in, gradients and optimizer stay") {
  const ModelDescription& dense = *find_model("bert__1.3B");
  const ModelDescription thin = pruned(dense, {GemmKernel::tw, 0.75, 128});
  ParallelPlan plan;
  plan.micro_batches = 16;
  plan.stages.push_back({0, static_cast<int>(dense.layers.size()), 1, 1});
  const StageMemory a = stage_memory(dense, 128, plan, 0, adam_bytes(dense), 0);
  const StageMemory b = stage_memory(thin, 128, plan, 0, adam_bytes(thin), 0);
  CHECK(b.weights_bytes < 0.4 * a.weights_bytes);
  CHECK(b.weights_bytes > 0.25 * a.weights_bytes);
  CHECK(b.gradients_bytes == a.gradients_bytes);
  CHECK(b.optimizer_bytes == a.optimizer_bytes);
}
