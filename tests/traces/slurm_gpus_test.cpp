#include "traces/slurm_gpus.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using orrery::traces::parse_slurm_gpus;

TEST_CASE("GPUs are found in lists of trackable resources") {
  const auto gpus = parse_slurm_gpus("billing=8,cpu=8,gres/gpu:a100=4,gres/gpu=4,mem=64G,node=1");
  REQUIRE(gpus);
  CHECK(gpus->count == 4);  // typed and total are the same GPUs
  CHECK(gpus->types == "a100");
  CHECK(parse_slurm_gpus("cpu=8,mem=64G,node=1")->count == 0);
  CHECK(parse_slurm_gpus("")->count == 0);
  CHECK(parse_slurm_gpus("cpu=1,gres/gpu=16")->count == 16);
  CHECK(parse_slurm_gpus("cpu=1,gres/gpu=16")->types.empty());
  CHECK(parse_slurm_gpus("gres/gpu:A100=2,gres/gpu:v100=1")->count == 3);
  CHECK(parse_slurm_gpus("gres/gpu:A100=2,gres/gpu:v100=1")->types == "a100|v100");
  // Utilisation and memory of GPUs are not GPUs.
  CHECK(parse_slurm_gpus("gres/gpumem=80G,gres/gpuutil=75,gres/gpu=1")->count == 1);
  CHECK_FALSE(parse_slurm_gpus("gres/gpu=x").has_value());
  CHECK_FALSE(parse_slurm_gpus("gres/gpu=-1").has_value());
  CHECK_FALSE(parse_slurm_gpus("gres/gpu=99999999999999999999").has_value());
}

TEST_CASE("GPUs are found in lists of generic resources") {
  CHECK(parse_slurm_gpus("gpu:2")->count == 2);
  CHECK(parse_slurm_gpus("gpu")->count == 1);
  CHECK(parse_slurm_gpus("gres:gpu:3")->count == 3);
  CHECK(parse_slurm_gpus("PER_NODE:gpu:v100:2", {}, 3)->count == 6);
  CHECK(parse_slurm_gpus("gpu:v100:2", {}, 3)->count == 2);
  CHECK(parse_slurm_gpus("gpu:tesla:2")->count == 2);
  CHECK(parse_slurm_gpus("gpu:tesla:2(S:0-1)")->types == "tesla");
  CHECK(parse_slurm_gpus("gpu:tesla")->count == 1);
}

namespace {

struct Seen {
  std::int64_t count;
  std::int32_t milli;
  bool unknown;
  bool operator==(const Seen&) const = default;
};

Seen seen(const char* list, orrery::traces::SlurmShares shares = {}) {
  const auto gpus = parse_slurm_gpus(list, shares);
  REQUIRE(gpus);
  return {gpus->count, gpus->milli, gpus->unknown_share};
}

}  // namespace

TEST_CASE("a MIG slice is a part of a GPU") {
  CHECK(seen("cpu=1,gres/gpu=1,gres/gpu:a100_1g.5gb=1") == Seen{1, 142, false});
  CHECK(parse_slurm_gpus("gres/gpu:a100_1g.5gb=1")->types == "a100");
  CHECK(seen("gres/gpu=1,gres/gpu:a100_1c.3g.20gb=1") == Seen{1, 142, false});
  CHECK(parse_slurm_gpus("gres/gpu:a100_1c.3g.20gb=1")->types == "a100");
  CHECK(parse_slurm_gpus("gres/gpu:2c.3g.20gb=1")->types.empty());
  CHECK(parse_slurm_gpus("gres/gpu:nvidia_a100_3g.20gb=1")->types == "nvidia_a100");
  CHECK(parse_slurm_gpus("gres/gpu:1g.5gb=1")->types.empty());
  CHECK(seen("gpu:3g.20gb:1") == Seen{1, 428, false});
  CHECK(seen("gres/gpu:4g.40gb.me=1") == Seen{1, 571, false});
  CHECK(seen("gres/gpu:1g.6gb=1") == Seen{1, 250, false});  // an A30 has four
  CHECK(seen("gres/gpu:7g.40gb=2") == Seen{2, 1000, false});
  // Two slices need not lie on one GPU, nor a slice on a whole one beside it.
  CHECK(seen("gres/gpu:1g.5gb=2").unknown);
  CHECK(seen("gres/gpu=2,gres/gpu:a100=1,gres/gpu:1g.5gb=1").unknown);
  // Not slices.
  CHECK(seen("gres/gpu:g.5gb=1") == Seen{1, 1000, false});
  CHECK(seen("gres/gpu:8g.5gb=1") == Seen{1, 1000, false});
}

TEST_CASE("shards and MPS are parts of a GPU of a size that gres.conf says") {
  CHECK(seen("cpu=1,gres/shard=4").unknown);
  CHECK(seen("cpu=1,gres/shard=4", {16, 100}) == Seen{1, 250, false});
  CHECK(seen("gres/shard:a100=4,gres/shard=4", {16, 100}) == Seen{1, 250, false});
  CHECK(seen("gres/shard=32", {16, 100}) == Seen{2, 1000, false});
  CHECK(seen("gres/shard=17", {16, 100}).unknown);
  CHECK(seen("gres/mps=50") == Seen{1, 500, false});
  CHECK(seen("gres/mps=200") == Seen{2, 1000, false});
  CHECK(seen("gres/mps=50", {0, 0}).unknown);
  CHECK(seen("gres/mps=50,gres/shard=2", {4, 100}).unknown);
  CHECK(seen("gres/mps=1", {0, 1000000}) == Seen{1, 1, false});
}
