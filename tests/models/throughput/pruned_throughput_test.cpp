// A pruned task runs at the measured dense time, changed as estimates say.
#include "models/throughput/pruned_throughput.hpp"

#include <doctest/doctest.h>

#include "models/throughput/measured_throughput.hpp"

using namespace orrery::models;

namespace {

/// 10 s dense and 4 s pruned, on GPUs called `known`.
class Estimates final : public ThroughputSource {
 public:
  Throughput of(const TrainingTask& task, const ThroughputType& type, Locality) const override {
    if (type.name != "known") return {};
    return throughput_of(task.pruning ? 4 : 10, task.batch_samples, ThroughputOrigin::estimated);
  }
};

class SevenSeconds final : public ThroughputSource {
 public:
  Throughput of(const TrainingTask& task, const ThroughputType&, Locality) const override {
    if (task.pruning || task.model != "bert__1B") return {};
    return throughput_of(7, task.batch_samples, ThroughputOrigin::measured);
  }
};

}  // namespace

TEST_CASE("a pruned task takes the measured time times what an estimate changes") {
  const PrunedThroughput source(std::make_shared<SevenSeconds>(), std::make_shared<Estimates>());
  const gemm::Pruning pruning{gemm::GemmKernel::tw, 0.75, 128};
  const Throughput found = source.of({"bert__1B", 64, pruning}, {"known", 8}, {1, 1});
  CHECK(found.iteration_seconds == doctest::Approx(2.8));
  CHECK(found.origin == ThroughputOrigin::derived);
  CHECK_FALSE(source.of({"bert__1B", 64}, {"known", 8}, {1, 1}).known());
  CHECK_FALSE(source.of({"bert__2B", 64, pruning}, {"known", 8}, {1, 1}).known());
  CHECK_FALSE(source.of({"bert__1B", 64, pruning}, {"other", 8}, {1, 1}).known());
}

TEST_CASE("a table of dense models knows no pruned one") {
  auto table = std::make_shared<ThroughputTable>();
  const TrainingTask dense{"bert__1B", 64};
  table->add(dense, "a40", {1, 1}, 7, {});
  const MeasuredThroughput source(table, {});
  CHECK(source.of(dense, {"a40", 8}, {1, 1}).feasible());
  TrainingTask pruned = dense;
  pruned.pruning = gemm::Pruning{};
  CHECK_FALSE(source.of(pruned, {"a40", 8}, {1, 1}).known());
}
