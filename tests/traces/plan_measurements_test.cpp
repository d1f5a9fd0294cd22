// Published plans with their times: what is read and what is refused.
#include "traces/plan_measurements.hpp"

#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "tests/traces/support.hpp"

using namespace orrery;

namespace {

const std::string kVtrain =
    "# GPUs,global batch,micro batch,hidden size,attention heads,# layers,sequence length,tensor "
    "parallelism,data parallelism,pipeline parallelism,iteration time (ms)\n";
const std::string kMegatron =
    "model,hidden,ffn,seq,heads,layers,mode,recompute,tp_comm,gpus,tp,pp,dp,interleave,"
    "global_batch,micro_batch,iter_time_s\n";
const std::string kForced =
    "model,params,global_batch,gpu_type,nodes,gpus_per_node,pp,dp,tp,iter_time_s\n";

std::string vtrain_refusal(const std::string& row) {
  const test::TemporaryFile file(kVtrain + row);
  try {
    traces::read_vtrain(file.path());
  } catch (const base::Error& error) {
    return error.where().key + ": " + error.sentence();
  }
  return "";
}

}  // namespace

TEST_CASE("vTrain rows") {
  const test::TemporaryFile file("\xEF\xBB\xBF" + kVtrain + "8,32,4,1024,16,24,1024,2,2,2,250\n");
  const auto runs = traces::read_vtrain(file.path());
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].shape.hidden == 1024);
  CHECK(runs[0].shape.ffn == 4096);
  CHECK(runs[0].shape.layers == 24);
  CHECK(runs[0].gpus() == 8);
  CHECK(runs[0].iteration_seconds == 0.25);
  CHECK(runs[0].key == "8,32,4,1024,16,24,1024,2,2,2,");

  CHECK(vtrain_refusal("8,32,4,1024,16,24,1024,2,2,1,250\n") ==
        "# GPUs: found '8', expected the product of the parallel degrees");
  CHECK(vtrain_refusal("8,32,4,1024,16,25,1024,2,2,2,250\n") ==
        "# layers: found '25', expected as many layers in every stage");
  CHECK(vtrain_refusal("8,4,4,1024,16,24,1024,2,2,2,250\n") ==
        "global batch: found '4', expected a whole number of micro-batches on each replica");
  CHECK(vtrain_refusal("8,32,4,1024,16,24,1024,2,2,2,-1\n") ==
        "iteration time (ms): found '-1', expected a number above 0");
  CHECK(vtrain_refusal("") == ": has no row, expected at least one measurement");
}

TEST_CASE("Megatron rows tell recomputation and sequence parallelism") {
  const std::string head = "m,6144,24576,2048,64,48,x,";
  const std::string tail = ",8,8,1,1,1,4,4,1.5\n";
  const test::TemporaryFile file(kMegatron + head + "full,ar" + tail + head + "attn_only,rs_ag" +
                                 tail);
  const auto runs = traces::read_megatron_times(file.path());
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].recompute == models::Recompute::full);
  CHECK_FALSE(runs[0].sequence_parallel);
  CHECK(runs[1].recompute == models::Recompute::selective);
  CHECK(runs[1].sequence_parallel);
  const test::TemporaryFile bad(kMegatron + head + "half,ar" + tail);
  CHECK_THROWS_AS(traces::read_megatron_times(bad.path()), base::Error);
}

TEST_CASE("forced plans fill their GPUs") {
  const test::TemporaryFile file(kForced + "wide_resnet,1B,256,a40,2,2,2,1,2,37\n");
  const auto rows = traces::read_forced_plans(file.path());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].task.model == "wide_resnet__1B");
  CHECK(rows[0].locality.gpus() == 4);
  const test::TemporaryFile bad(kForced + "wide_resnet,1B,256,a40,2,2,2,2,2,37\n");
  CHECK_THROWS_AS(traces::read_forced_plans(bad.path()), base::Error);
}

TEST_CASE("memory of the Megatron paper") {
  const test::TemporaryFile file(
      "model,weights_grads_optimizer_gib,activations_none_gib,activations_seq_sel_gib\nm,45,59,"
      "9\n");
  const auto rows = traces::read_megatron_memory(file.path());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].states_gib == 45);
  CHECK(rows[0].selective_activations_gib == 9);
}
