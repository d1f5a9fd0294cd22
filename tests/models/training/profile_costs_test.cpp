// A profile changes what the estimator takes for a device, and only what it measured.
#include "models/training/profile_costs.hpp"

#include <doctest/doctest.h>

#include <string>

#include "models/training/device_costs_file.hpp"
#include "models/training/estimator.hpp"
#include "models/training/stage_costs.hpp"
#include "models/zoo/zoo.hpp"
#include "tests/models/training/profile_support.hpp"

using namespace orrery;
using namespace orrery::models;
using test::made_up_machine;
using test::made_up_processor;
using test::made_up_profile;
using test::rate_cost;

namespace {

constexpr auto kTransformer = static_cast<std::size_t>(LayerKind::transformer);
constexpr auto kConvolution = static_cast<std::size_t>(LayerKind::convolution);

DeviceCosts a100() {
  return data_sheet_costs(*find_gpu("a100-40g"));
}

DeviceCosts calibrated(const ProfileFile& file) {
  DeviceCosts costs = a100();
  use_profile(costs, file);
  return costs;
}

double iteration(const DeviceCosts& device, const char* name) {
  const ModelDescription& model = *find_model(name);
  return estimate(model, 128, device, {1, 4}, usual_options(model)).iteration_seconds();
}

std::string profile_refusal(const ProfileFile& file) {
  try {
    calibrated(file);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a profile replaces the rates it measured and leaves the others") {
  const DeviceCosts before = a100();
  const DeviceCosts after = calibrated(made_up_profile("a100-40g", "cuda", made_up_machine()));
  CHECK(after.calibrated);
  CHECK(after.memory_bytes_per_second == 1.3e12);
  CHECK(after.kinds[kTransformer].flop_efficiency != before.kinds[kTransformer].flop_efficiency);
  CHECK(after.kinds[kConvolution].flop_efficiency == before.kinds[kConvolution].flop_efficiency);
  CHECK(after.kinds[kConvolution].traffic_efficiency == 1);
  CHECK(after.half_flops_per_second == before.half_flops_per_second);
  CHECK(after.in_node.bytes_per_second == before.in_node.bytes_per_second);
  CHECK(iteration(after, "bert__1.3B") != iteration(before, "bert__1.3B"));
  REQUIRE(after.profile.has_value());
  CHECK(after.profile->held_out->median == 0.04);
  CHECK(after.source ==
        "profile a100-40g.yaml (01234567, held-out error of products 4.0 % median, 11.0 % p90) for "
        "matrix products, memory (copy); data sheets for convolutions, links, overheads");
}

TEST_CASE("the efficiency is the machine's where products are large") {
  // One slot and no start: every layer runs at the rate itself.
  gemm::GemmMachine machine = made_up_machine(1e14);
  machine.multiprocessors = 1;
  machine.cache_bytes = 1e30;
  machine.dense.start_seconds = 0;
  machine.dense.fill_rows = 0;
  machine.dense.overlap_loss = 0;
  machine.memory_bytes_per_second = 1e16;
  const DeviceCosts costs = calibrated(made_up_profile("a100-40g", "cuda", machine));
  const double rate = costs.kinds[kTransformer].flop_efficiency * costs.half_flops_per_second;
  CHECK(rate == doctest::Approx(1e14).epsilon(0.02));
  CHECK(costs.profile->reduction->median < 0.05);
}

TEST_CASE("the reduction to one line of a kind says its error") {
  const DeviceCosts costs = calibrated(made_up_profile("a100-40g", "cuda", made_up_machine()));
  CHECK(costs.profile->reduction->median > 0);
  CHECK(costs.profile->reduction->median < 0.15);
  CHECK(costs.profile->reduction->p90 < 1);
}

TEST_CASE("a profile with higher rates never makes a model slower") {
  for (const char* name : {"bert__1.3B", "moe__2.4B", "BERT-base", "wide_resnet__1B"}) {
    CAPTURE(name);
    double last = 1e300;
    for (const double faster : {1.0, 1.5, 2.0, 4.0}) {
      gemm::GemmMachine machine = made_up_machine(1e14 * faster);
      machine.memory_bytes_per_second *= faster;
      machine.dense.start_seconds /= faster;
      ProfileFile file = made_up_profile("a100-40g", "cuda", machine);
      file.profile.costs.back() = rate_cost("memory", "copy", 0, 1e12 * faster);
      const double seconds = iteration(calibrated(file), name);
      CHECK(seconds <= last);
      last = seconds;
    }
  }
}

TEST_CASE("a partial profile says what still rests on data sheets") {
  ProfileFile file = made_up_profile("a100-40g", "cuda", made_up_machine());
  file.profile.costs = {rate_cost("memory", "read", 0, 1e12)};
  const DeviceCosts costs = calibrated(file);
  CHECK(costs.kinds[kTransformer].flop_efficiency == a100().kinds[kTransformer].flop_efficiency);
  CHECK(!costs.products->measured());
  CHECK(costs.source ==
        "profile a100-40g.yaml (01234567) for memory (read); data sheets for matrix products, "
        "convolutions, links, overheads");
  file.profile.costs = {rate_cost("transfer", "host-to-device", 1e-5, 2e10)};
  CHECK(profile_refusal(file).find("has no cost that the estimator uses") != std::string::npos);
  file.profile.costs = {rate_cost("memory", "copy", 0, 0)};
  CHECK(profile_refusal(file).find("memory.copy.bytes_per_second: found 0") != std::string::npos);
}

TEST_CASE("a device that no catalog has is known by its profile") {
  ProfileFile file = made_up_profile("cpu-made-up", "cpu", made_up_processor());
  CHECK_THROWS_WITH_AS(profile_only_costs(file), doctest::Contains("hardware.memory_bytes"),
                       base::Error);
  file.profile.hardware = {{"memory_bytes", 64e9}, {"peak_flops_per_second", 1.5e11}};
  file.profile.costs.back() = rate_cost("memory", "copy", 0, 9e9);
  file.profile.costs.push_back(rate_cost("transfer", "shared-memory", 2e-7, 4e9));
  const DeviceCosts costs = profile_only_costs(file);
  CHECK(costs.gpu_type == "cpu-made-up");
  CHECK(costs.memory_bytes == 64e9);
  CHECK(costs.single_flops_per_second == 1.5e11);
  CHECK(costs.half_flops_per_second == 1.5e11);
  CHECK(costs.in_node.bytes_per_second == 4e9);
  CHECK(costs.in_node.alpha_seconds == 2e-7);
  const double seconds = iteration(costs, "BERT-base");
  CHECK(seconds > 10);
  CHECK(seconds < 1000);
}

TEST_CASE("a profile is found by any name of its device") {
  const std::vector<ProfileFile> profiles{
      made_up_profile("a100-sxm4-40gb", "cuda", made_up_machine())};
  CHECK(profile_of(profiles, "a100-40g") == profiles.data());
  CHECK(profile_of(profiles, "a100-80g") == nullptr);
}
