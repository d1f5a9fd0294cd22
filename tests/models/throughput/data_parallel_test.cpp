// Where pure data parallelism fits, and what a policy that decides on it is told.
#include "models/throughput/data_parallel.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace orrery::models;
using orrery::base::Error;

namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;
constexpr double kUnfit = std::numeric_limits<double>::infinity();
const TrainingTask kTask{"bert__1B", 128};

class OneSecond final : public ThroughputSource {
 public:
  Throughput of(const TrainingTask& task, const ThroughputType&, Locality) const override {
    return throughput_of(1, task.batch_samples, ThroughputOrigin::measured);
  }
};

}  // namespace

TEST_CASE("data parallelism fits where 1.2 times its peak is at most 0.8 of the memory") {
  DataParallelMemory memory;
  memory.add(kTask, 2, 16 * kGib, {});
  CHECK(memory.fits(kTask, 2, 24.01 * kGib));
  CHECK_FALSE(memory.fits(kTask, 2, 23.99 * kGib));
}

TEST_CASE("what fits on fewer GPUs fits on more, and a task without a peak nowhere") {
  DataParallelMemory memory;
  memory.add(kTask, 1, kUnfit, {});
  memory.add(kTask, 4, 10 * kGib, {});
  memory.add(kTask, 16, kUnfit, {});
  memory.add({"bert__15B", 128}, 16, kUnfit, {});
  CHECK_FALSE(memory.fits(kTask, 1, 80 * kGib));
  CHECK_FALSE(memory.fits(kTask, 2, 80 * kGib));
  CHECK(memory.fits(kTask, 4, 80 * kGib));
  CHECK(memory.fits(kTask, 16, 80 * kGib));
  CHECK_FALSE(memory.fits({"bert__15B", 128}, 16, 80 * kGib));
  CHECK_FALSE(memory.fits({"bert__1B", 256}, 4, 80 * kGib));
}

TEST_CASE("deciding on data parallelism leaves throughputs as they are where it fits") {
  DataParallelMemory memory;
  memory.add(kTask, 2, 20 * kGib, {});
  const DataParallelThroughput decide(std::make_shared<OneSecond>(), memory);
  CHECK(decide.of(kTask, {"v100-32g", 8}, {1, 2}).samples_per_second == 128);
  CHECK_FALSE(decide.of(kTask, {"a10", 8}, {1, 2}).feasible());       // 24 GiB
  CHECK_FALSE(decide.of(kTask, {"v100-32g", 8}, {1, 1}).feasible());  // not measured
  CHECK_FALSE(decide.of(kTask, {"no such GPU", 8}, {1, 2}).feasible());
}

TEST_CASE("a peak given twice or none at all is refused") {
  DataParallelMemory memory;
  memory.add(kTask, 2, kGib, {});
  CHECK_THROWS_AS(memory.add(kTask, 2, kGib, {}), Error);
  for (const double bytes : {0.0, -1.0, std::nan("")})
    CHECK_THROWS_AS(memory.add(kTask, 4, bytes, {}), Error);
}
