// The estimator as the source of communication shares.
#include <doctest/doctest.h>

#include "models/training/estimated_communication.hpp"
#include "models/training/estimator.hpp"
#include "models/zoo/zoo.hpp"

using namespace orrery::models;

namespace {

constexpr const char* kModel = "bert__1.3B";

TrainingTask task(const char* model, std::int64_t batch) {
  TrainingTask asked;
  asked.model = model;
  asked.batch_samples = batch;
  return asked;
}

DeviceCostsByType a40_costs() {
  const GpuType* gpu = find_gpu("a40");
  REQUIRE(gpu != nullptr);
  return {{"a40", data_sheet_costs(*gpu)}};
}

}  // namespace

TEST_CASE("a job on one GPU communicates nothing by its estimate") {
  const auto share = estimated_communication(a40_costs(), task("bert__760M", 256), "a40", {1, 1});
  REQUIRE(share.has_value());
  CHECK(share->plan.gpus() == 1);
  CHECK(share->within_stages == 0);
  CHECK(share->between_stages == 0);
}

TEST_CASE("estimated shares are those of the best plan and leave room for compute") {
  const ModelDescription* model = find_model(kModel);
  REQUIRE(model != nullptr);
  for (const Locality locality : {Locality{1, 2}, Locality{1, 4}, Locality{2, 4}, Locality{4, 4}}) {
    CAPTURE(locality.gpus());
    const auto share = estimated_communication(a40_costs(), task(kModel, 256), "a40", locality);
    REQUIRE(share.has_value());
    const CellEstimate found =
        estimate(*model, 256, a40_costs().at("a40"), locality, usual_options(*model));
    REQUIRE(found.feasible());
    const TimeBreakdown& best = found.plans.front().time;
    CHECK(share->plan.gpus() == locality.gpus());
    CHECK((share->within_stages + share->between_stages) * best.total_seconds ==
          doctest::Approx(best.intra_stage_seconds + best.sync_seconds + best.inter_stage_seconds));
    CHECK(share->within_stages + share->between_stages > 0);
    CHECK(share->within_stages + share->between_stages < 1);
  }
}

TEST_CASE("a slower network raises the estimated share of a data-parallel family") {
  DeviceCostsByType fast = a40_costs();
  DeviceCostsByType slow = a40_costs();
  slow.at("a40").across_nodes.bytes_per_second /= 1000;
  const auto part = [](const DeviceCostsByType& on) {
    const auto share = estimated_communication(on, task(kModel, 256), "a40", {16, 1});
    REQUIRE(share.has_value());
    return share->within_stages + share->between_stages;
  };
  CHECK(part(slow) > part(fast));
}

TEST_CASE("there is no estimated share without a plan") {
  const auto none = [](const char* model, std::int64_t batch, const char* type, Locality locality) {
    return !estimated_communication(a40_costs(), task(model, batch), type, locality).has_value();
  };
  CHECK(none("no such model", 256, "a40", {1, 4}));
  CHECK(none(kModel, 0, "a40", {1, 4}));
  CHECK(none(kModel, 256, "h100", {1, 4}));       // a type without costs
  CHECK(none(kModel, 256, "a40", {3, 4}));        // no power of two
  CHECK(none("bert__6.7B", 256, "a40", {1, 1}));  // does not fit one GPU
}
