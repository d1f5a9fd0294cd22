#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/hardware/gpu_catalog.hpp"
#include "models/hardware/gpu_names.hpp"

namespace orrery::models {
namespace {

// Memory interfaces as the vendors' tables give them beside the bandwidth: bits and Gbit/s per pin.
struct MemoryInterface {
  std::string name;
  double bits;
  double gigabits_per_pin;
};

const std::vector<MemoryInterface> kInterfaces{
    {"1080ti", 352, 11},       {"2080ti", 352, 14},
    {"a10", 384, 12.5},        {"a100-40g", 5120, 2.43},
    {"a100-80g", 5120, 3.186}, {"a100-80g-pcie", 5120, 3.024},
    {"a30", 3072, 2.43},       {"a40", 384, 14.5},
    {"h100", 5120, 5.23},      {"k80", 384, 5.0},
    {"l20", 384, 18},          {"l4", 192, 12.5},
    {"l40s", 384, 18},         {"p100", 4096, 1.43},
    {"p100-12g", 3072, 1.43},  {"quadro-rtx-6000", 384, 14},
    {"t4", 256, 10},           {"v100-16g", 4096, 1.752},
    {"v100-32g", 4096, 1.752}};

std::vector<Sourced> rates(const GpuType& type) {
  std::vector<Sourced> all{type.fp32_flops_per_second};
  for (const auto& rate :
       {type.tf32_flops_per_second, type.fp16_flops_per_second, type.bf16_flops_per_second,
        type.fp8_flops_per_second, type.int8_ops_per_second}) {
    if (rate) all.push_back(*rate);
  }
  return all;
}

TEST_CASE("the catalog is sorted by name and finds each of its types") {
  const auto catalog = gpu_catalog();
  for (std::size_t i = 0; i < catalog.size(); ++i) {
    if (i > 0) CHECK(catalog[i - 1].name < catalog[i].name);
    CHECK(find_gpu(catalog[i].name) == &catalog[i]);
  }
}

TEST_CASE("the types that experiments and traces name are there") {
  for (const char* name :
       {"k80", "p100", "p100-12g", "v100-16g", "v100-32g", "t4", "2080ti", "quadro-rtx-6000", "a10",
        "a30", "a40", "a100-40g", "a100-80g", "l4", "l20", "l40s", "h100", "h200", "1080ti"}) {
    CAPTURE(name);
    CHECK(find_gpu(name) != nullptr);
  }
}

TEST_CASE("memory bandwidth is interface width times data rate") {
  for (const MemoryInterface& interface : kInterfaces) {
    CAPTURE(interface.name);
    const GpuType* type = find_gpu(interface.name);
    REQUIRE(type != nullptr);
    const double expected = interface.bits * interface.gigabits_per_pin * 1e9 / 8;
    CHECK(std::abs(type->memory_bytes_per_second.value / expected - 1) < 0.005);
  }
}

TEST_CASE("narrower numbers are never slower, and every number is a plausible one") {
  for (const GpuType& type : gpu_catalog()) {
    CAPTURE(type.name);
    double before = 0;
    // tf32, fp16 and bf16 share a step; the list is in order of width otherwise.
    for (const Sourced& rate : rates(type)) {
      CHECK(rate.value >= before);
      CHECK(rate.value > 1e12);
      CHECK(rate.value < 1e16);
      before = rate.value;
    }
    CHECK(std::fmod(type.memory_bytes.value, 1024.0 * 1024 * 1024) == 0);
    CHECK(type.memory_bytes.value >= 11.0 * 1024 * 1024 * 1024);
    CHECK(type.link_bytes_per_second.value >= 32e9);
    CHECK(type.power_watts.value >= 70);
    CHECK(type.nic_bytes_per_second.value >= 1e9);
    if (type.bf16_flops_per_second) {
      CHECK(type.bf16_flops_per_second->value == type.fp16_flops_per_second->value);
    }
  }
}

TEST_CASE("a rate that a data sheet gives only with sparsity says that it was halved") {
  const GpuType* h100 = find_gpu("h100");
  REQUIRE(h100 != nullptr);
  CHECK(h100->fp16_flops_per_second->value == 1979e12 / 2);
  CHECK(h100->fp16_flops_per_second->source.find("half") != std::string_view::npos);
  CHECK(h100->fp32_flops_per_second.source.find("half") == std::string_view::npos);
}

TEST_CASE("a family with several memory sizes is refused by its bare name, and both are offered") {
  CHECK(find_gpu("v100") == nullptr);
  CHECK(suggest_gpus("v100") == std::vector<std::string>{"v100-16g", "v100-32g"});
  CHECK(find_gpu("a100") == nullptr);
  CHECK(suggest_gpus("a100") == std::vector<std::string>{"a100-40g", "a100-80g", "a100-80g-pcie"});
}

TEST_CASE("aliases lead to the same entry, misspellings to a suggestion, nonsense to none") {
  CHECK(find_gpu("p100-16g") == find_gpu("p100"));
  CHECK(find_gpu("rtx2080ti") == find_gpu("2080ti"));
  CHECK(suggest_gpus("v100-32gb") == std::vector<std::string>{"v100-32g"});
  CHECK(suggest_gpus("completely-unknown-thing").empty());
  CHECK(find_gpu("") == nullptr);
}

TEST_CASE("one K80 of the catalog is one of the board's two chips") {
  const GpuType* k80 = find_gpu("k80");
  REQUIRE(k80 != nullptr);
  CHECK(k80->memory_bytes.value == 12.0 * 1024 * 1024 * 1024);
  CHECK(k80->power_watts.value == 150);
}

TEST_CASE("every name of the catalog means at least its own type") {
  for (const GpuType& type : gpu_catalog()) {
    CAPTURE(type.name);
    const auto called = gpus_called(type.name);
    CHECK(std::ranges::find(called, type.name) != called.end());
    const auto full = gpus_called(type.full_name);
    CHECK((full.empty() || std::ranges::find(full, type.name) != full.end()));
  }
}

TEST_CASE("names of drivers, data sheets and gres.conf are known") {
  using Types = std::vector<std::string_view>;
  CHECK(gpus_called("NVIDIA A100-SXM4-80GB") == Types{"a100-80g"});
  CHECK(gpus_called("NVIDIA A100-PCIE-40GB") == Types{"a100-40g"});
  CHECK(gpus_called("A100") == Types{"a100-40g", "a100-80g", "a100-80g-pcie"});
  CHECK(gpus_called("a100_80gb") == Types{"a100-80g", "a100-80g-pcie"});
  CHECK(gpus_called("H100-PCIe") == Types{"h100-pcie"});
  CHECK(gpus_called("nvidia_h100_80gb_hbm3") == Types{"h100"});
  CHECK(gpus_called("NVIDIA H200") == Types{"h200"});
  CHECK(gpus_called("Tesla V100-SXM2-16GB") == Types{"v100-16g"});
  CHECK(gpus_called("Quadro RTX 6000") == Types{"quadro-rtx-6000"});
  CHECK(gpus_called("GeForce GTX 1080 Ti") == Types{"1080ti"});
  CHECK(gpus_called("tesla_p100") == Types{"p100", "p100-12g"});
  CHECK(gpus_called("l40s") == Types{"l40s"});
  for (const char* name : {"", "nvidia", "tesla", "a10g", "v100s", "mi250", "a100-96gb", "80gb"}) {
    CAPTURE(name);
    CHECK(gpus_called(name).empty());
  }
}

}  // namespace
}  // namespace orrery::models
