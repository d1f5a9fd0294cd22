#include "traces/slurm_fields.hpp"

#include <doctest/doctest.h>

using orrery::traces::parse_slurm_duration;
using orrery::traces::parse_slurm_gpus;

TEST_CASE("Slurm durations are read with and without days") {
  CHECK(parse_slurm_duration("00:00:00") == 0);
  CHECK(parse_slurm_duration("01:02:03") == 3723);
  CHECK(parse_slurm_duration("2-01:02:03") == 2 * 86400 + 3723);
  CHECK(parse_slurm_duration("30-23:59:59") == 30 * 86400 + 86399);
  CHECK(parse_slurm_duration("100:00:00") == 360000);
  CHECK(parse_slurm_duration("00:00:01.500") == 1.5);
  for (const char* text :
       {"", "1", "01:02", "01:60:00", "01:00:60", "-01:02:03", "1-", "x:00:00", "01:02:03:04",
        "1-2-01:00:00", "INVALID", "00:00:01.", "00:00:01.x", "99999999:00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_slurm_duration(text).has_value());
  }
}

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
  CHECK(parse_slurm_gpus("gpu")->count == 0);
  CHECK(parse_slurm_gpus("gpu:tesla:2")->count == 2);
  CHECK(parse_slurm_gpus("gpu:tesla:2(S:0-1)")->types == "tesla");
  CHECK(parse_slurm_gpus("gpu:tesla")->count == 1);
}
