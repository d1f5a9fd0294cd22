// Readers of published iteration times and memory of training plans that are spelt out.
#pragma once

#include <string>
#include <vector>

#include "models/throughput/throughput_source.hpp"
#include "models/training/plan.hpp"
#include "models/zoo/transformer.hpp"

namespace orrery::traces {

/// A measured iteration of a GPT model under a Megatron plan, all stages alike.
struct PlanMeasurement {
  std::string model;  ///< a name, empty where the source has none
  models::TransformerShape shape;
  int tp = 1;
  int dp = 1;
  int pp = 1;
  int interleave = 1;
  double global_batch = 1;
  double micro_batch = 1;
  models::Recompute recompute = models::Recompute::full;
  bool sequence_parallel = false;
  double iteration_seconds = 0;
  std::string key;  ///< the cells that describe the run, without what was measured

  int gpus() const { return tp * dp * pp; }
};

/// Reads a table of vTrain (VIA-Research/vTrain): columns `# GPUs`, `global batch`, `micro batch`,
/// `hidden size`, `attention heads`, `# layers`, `sequence length`, `tensor parallelism`, `data
/// parallelism`, `pipeline parallelism`, `iteration time (ms)`; repeated runs stand in several
/// rows. The vocabulary is not told: 51,200 (ours). Full recomputation is INFERRED: the 18.4B runs
/// with micro-batches of 16 would not fit otherwise. Throws base::Error naming file, row and column
/// for rows whose numbers do not belong together.
std::vector<PlanMeasurement> read_vtrain(const std::string& path);

/// Reads the iteration times of Korthikanti et al. (arXiv 2205.05198, table 5) as transcribed:
/// columns model, hidden, ffn, seq, heads, layers, mode, recompute (`full` or `attn_only`),
/// tp_comm (`ar` or `rs_ag`), gpus, tp, pp, dp, interleave, global_batch, micro_batch, iter_time_s.
std::vector<PlanMeasurement> read_megatron_times(const std::string& path);

/// Memory per GPU of one model of the same paper, in GiB.
struct MegatronMemory {
  std::string model;
  double states_gib = 0;                 ///< weights, gradients, optimizer
  double activations_gib = 0;            ///< tensor parallelism alone
  double selective_activations_gib = 0;  ///< with sequence parallelism, selective recomputation
};
/// Columns model, weights_grads_optimizer_gib, activations_none_gib, activations_seq_sel_gib.
std::vector<MegatronMemory> read_megatron_memory(const std::string& path);

/// A measured iteration of the Crius artifact with its plan forced.
struct ForcedPlan {
  models::TrainingTask task;
  std::string gpu_type;  ///< of the catalog
  models::Locality locality;
  int pp = 1;
  int dp = 1;
  int tp = 1;
  double iteration_seconds = 0;
};
/// Columns model, params, global_batch, gpu_type, nodes, gpus_per_node, pp, dp, tp, iter_time_s.
std::vector<ForcedPlan> read_forced_plans(const std::string& path);

}  // namespace orrery::traces
