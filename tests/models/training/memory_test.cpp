// Memory of a GPU: the formulas by hand and against published decompositions.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "models/base/csv.hpp"
#include "models/training/memory.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery::models;
using orrery::test::equal_plan;
using orrery::test::plain_model;

namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

/// Training set-ups of arXiv 2205.05198, table 3: sizes of its four models.
struct SetUp {
  const char* model;
  double global_batch;
  int micro_batch;
  int tp;
  int pp;
  int interleave;
};
constexpr SetUp kSetUps[] = {{"megatron-22B", 4, 4, 8, 1, 1},
                             {"gpt3-175B", 64, 1, 8, 8, 3},
                             {"turing-530B", 280, 1, 8, 35, 3},
                             {"megatron-1T", 512, 1, 8, 64, 1}};

/// The transformer layers alone: the published figures leave out embedding and head.
ModelDescription core(const ModelDescription& model) {
  ModelDescription out = model;
  out.layers.erase(out.layers.begin());
  out.layers.pop_back();
  return out;
}

StageMemory first_stage(const SetUp& s, bool sequence_parallel) {
  const ModelDescription* found = find_model(s.model);
  REQUIRE(found != nullptr);
  const ModelDescription model = core(*found);
  ParallelPlan plan = equal_plan(static_cast<int>(model.layers.size()), s.pp, 1, s.tp,
                                 static_cast<int>(s.global_batch) / s.micro_batch);
  plan.schedule = PipelineSchedule::one_forward_one_backward;
  plan.interleave = s.interleave;
  plan.sequence_parallel = sequence_parallel;
  plan.recompute = sequence_parallel ? Recompute::selective : Recompute::none;
  // Megatron keeps gradients in four bytes.
  return stage_memory(model, s.global_batch, plan, 0, {2, 4, 12});
}

}  // namespace

TEST_CASE("weights, gradients and optimizer of a stage by hand") {
  const ModelDescription model = plain_model(8);
  ParallelPlan plan = equal_plan(8, 2, 2, 2, 4);
  StageMemory memory = stage_memory(model, 16, plan, 0, adam_bytes(model));
  CHECK(memory.weights_bytes == 4 * 5e8 / 2 * 2);
  CHECK(memory.gradients_bytes == 4 * 5e8 / 2 * 2);
  CHECK(memory.optimizer_bytes == 4 * 5e8 / 2 * 12);
  plan.zero1 = true;
  memory = stage_memory(model, 16, plan, 0, adam_bytes(model));
  CHECK(memory.optimizer_bytes == 4 * 5e8 / 2 * 12 / 2);
  CHECK(memory.weights_bytes == 4 * 5e8 / 2 * 2);
}

TEST_CASE("activations: what recomputation and sequence parallelism keep") {
  Layer layer;
  layer.input_bytes = 1;
  layer.kept_replicated_bytes = 10;
  layer.kept_sharded_bytes = 24;
  layer.kept_selective_bytes = 80;
  CHECK(kept_activation_bytes(layer, 2, 4, Recompute::none, false) == 2 * (10 + 6 + 20));
  CHECK(kept_activation_bytes(layer, 2, 4, Recompute::none, true) == 2 * (2.5 + 6 + 20));
  CHECK(kept_activation_bytes(layer, 2, 4, Recompute::selective, true) == 2 * (2.5 + 6));
  CHECK(kept_activation_bytes(layer, 2, 4, Recompute::full, true) == 2);
}

TEST_CASE("micro-batches in flight by schedule and stage") {
  ParallelPlan plan = equal_plan(8, 4, 1, 1, 16);
  CHECK(micro_batches_in_flight(plan, 0) == 16);
  plan.schedule = PipelineSchedule::one_forward_one_backward;
  CHECK(micro_batches_in_flight(plan, 0) == 4);
  CHECK(micro_batches_in_flight(plan, 3) == 1);
  plan.interleave = 3;
  CHECK(micro_batches_in_flight(plan, 0) == 5);  // 4 (1 + 3 / (4 * 3))
  plan.interleave = 1;
  plan.micro_batches = 2;
  CHECK(micro_batches_in_flight(plan, 0) == 2);
}

TEST_CASE("a head whose embedding stands in another stage holds the weights again") {
  const ModelDescription* bert = find_model("bert__1.3B");
  REQUIRE(bert != nullptr);
  const auto last = static_cast<int>(bert->layers.size()) - 1;
  ParallelPlan plan;
  plan.stages = {{0, last, 1, 1}, {last, 1, 1, 1}};
  const StageMemory head = stage_memory(*bert, 1, plan, 1, adam_bytes(*bert));
  CHECK(head.weights_bytes == 2 * (51200 * 2048.0 + 2 * 2048));
}

TEST_CASE("memory of Megatron's first stages is as published") {
  const char* set = std::getenv("ORRERY_DATA");
  const std::filesystem::path root =
      set != nullptr && *set != '\0' ? std::filesystem::path(set)
                                     : std::filesystem::path(ORRERY_SOURCE_DIR) / "../shared/data";
  const std::string file = (root / "throughputs/megatron_published/memory_fig1_fig7.csv").string();
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  orrery::base::CsvReader rows(file);
  const std::size_t name = rows.column("model");
  const std::size_t fixed = rows.column("weights_grads_optimizer_gib");
  const std::size_t kept = rows.column("activations_none_gib");
  const std::size_t least = rows.column("activations_seq_sel_gib");
  double worst = 0;
  int compared = 0;
  while (rows.next()) {
    for (const SetUp& s : kSetUps) {
      if (rows[name] != s.model) continue;
      const StageMemory plain = first_stage(s, false);
      const StageMemory spared = first_stage(s, true);
      const double states = plain.weights_bytes + plain.gradients_bytes + plain.optimizer_bytes;
      for (const double ratio :
           {states / kGiB / rows.number(fixed), plain.activations_bytes / kGiB / rows.number(kept),
            spared.activations_bytes / kGiB / rows.number(least)}) {
        CHECK(std::abs(ratio - 1) < 0.001);
        worst = std::max(worst, std::abs(ratio - 1));
      }
      ++compared;
    }
  }
  CHECK(compared == 4);
  MESSAGE("largest difference to 12 published figures: " << 100 * worst << " %");
}
