#include "traces/plan_measurements.hpp"

#include <string_view>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

namespace {

constexpr double kVocabulary = 51200;

int read_count(const base::CsvReader& reader, std::size_t column) {
  return static_cast<int>(read_gpus(reader, column));
}

/// The columns that describe a Megatron run, under the names that one source gives them.
struct PlanColumns {
  std::size_t gpus, global_batch, micro_batch, hidden, heads, layers, sequence, tp, dp, pp, seconds;
};

PlanMeasurement read_plan(const base::CsvReader& reader, const PlanColumns& c) {
  PlanMeasurement run;
  run.shape.hidden = read_positive(reader, c.hidden);
  run.shape.ffn = 4 * run.shape.hidden;
  run.shape.heads = read_positive(reader, c.heads);
  run.shape.layers = read_count(reader, c.layers);
  run.shape.sequence = read_positive(reader, c.sequence);
  run.shape.vocabulary = kVocabulary;
  run.tp = read_count(reader, c.tp);
  run.dp = read_count(reader, c.dp);
  run.pp = read_count(reader, c.pp);
  run.global_batch = read_positive(reader, c.global_batch);
  run.micro_batch = read_positive(reader, c.micro_batch);
  run.iteration_seconds = read_positive(reader, c.seconds);
  if (read_count(reader, c.gpus) != run.gpus())
    fail_field(reader.where(c.gpus), reader[c.gpus], "the product of the parallel degrees");
  if (run.shape.layers % run.pp != 0)
    fail_field(reader.where(c.layers), reader[c.layers], "as many layers in every stage");
  const double micro_batches = run.global_batch / run.micro_batch / run.dp;
  if (micro_batches < 1 || micro_batches != static_cast<double>(static_cast<int>(micro_batches)))
    fail_field(reader.where(c.global_batch), reader[c.global_batch],
               "a whole number of micro-batches on each replica");
  for (std::size_t column = 0; column < reader.header().size(); ++column)
    if (column != c.seconds) run.key += std::string(reader[column]) + ",";
  return run;
}

template <class Row>
void require_rows(const std::vector<Row>& rows, const std::string& path) {
  if (rows.empty())
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measurement");
}

}  // namespace

std::vector<PlanMeasurement> read_vtrain(const std::string& path) {
  base::CsvReader reader(path);
  const PlanColumns columns{
      .gpus = reader.column("# GPUs"),
      .global_batch = reader.column("global batch"),
      .micro_batch = reader.column("micro batch"),
      .hidden = reader.column("hidden size"),
      .heads = reader.column("attention heads"),
      .layers = reader.column("# layers"),
      .sequence = reader.column("sequence length"),
      .tp = reader.column("tensor parallelism"),
      .dp = reader.column("data parallelism"),
      .pp = reader.column("pipeline parallelism"),
      .seconds = reader.column("iteration time (ms)"),
  };
  std::vector<PlanMeasurement> runs;
  while (reader.next()) {
    runs.push_back(read_plan(reader, columns));
    runs.back().iteration_seconds /= 1000;
  }
  require_rows(runs, path);
  return runs;
}

std::vector<PlanMeasurement> read_megatron_times(const std::string& path) {
  base::CsvReader reader(path);
  const PlanColumns columns{
      .gpus = reader.column("gpus"),
      .global_batch = reader.column("global_batch"),
      .micro_batch = reader.column("micro_batch"),
      .hidden = reader.column("hidden"),
      .heads = reader.column("heads"),
      .layers = reader.column("layers"),
      .sequence = reader.column("seq"),
      .tp = reader.column("tp"),
      .dp = reader.column("dp"),
      .pp = reader.column("pp"),
      .seconds = reader.column("iter_time_s"),
  };
  const std::size_t model = reader.column("model");
  const std::size_t ffn = reader.column("ffn");
  const std::size_t recompute = reader.column("recompute");
  const std::size_t tp_comm = reader.column("tp_comm");
  const std::size_t interleave = reader.column("interleave");
  std::vector<PlanMeasurement> runs;
  while (reader.next()) {
    PlanMeasurement run = read_plan(reader, columns);
    run.model = reader[model];
    run.shape.ffn = read_positive(reader, ffn);
    run.interleave = read_count(reader, interleave);
    const bool full = reader[recompute] == "full";
    if (!full && reader[recompute] != "attn_only")
      fail_field(reader.where(recompute), reader[recompute], "full or attn_only");
    run.recompute = full ? models::Recompute::full : models::Recompute::selective;
    run.sequence_parallel = reader[tp_comm] == "rs_ag";
    if (!run.sequence_parallel && reader[tp_comm] != "ar")
      fail_field(reader.where(tp_comm), reader[tp_comm], "ar or rs_ag");
    runs.push_back(std::move(run));
  }
  require_rows(runs, path);
  return runs;
}

std::vector<MegatronMemory> read_megatron_memory(const std::string& path) {
  base::CsvReader reader(path);
  const std::size_t model = reader.column("model");
  const std::size_t states = reader.column("weights_grads_optimizer_gib");
  const std::size_t none = reader.column("activations_none_gib");
  const std::size_t selective = reader.column("activations_seq_sel_gib");
  std::vector<MegatronMemory> rows;
  while (reader.next()) {
    rows.push_back({std::string(reader[model]), read_positive(reader, states),
                    read_positive(reader, none), read_positive(reader, selective)});
  }
  require_rows(rows, path);
  return rows;
}

std::vector<ForcedPlan> read_forced_plans(const std::string& path) {
  base::CsvReader reader(path);
  const std::size_t model = reader.column("model");
  const std::size_t params = reader.column("params");
  const std::size_t batch = reader.column("global_batch");
  const std::size_t gpu = reader.column("gpu_type");
  const std::size_t nodes = reader.column("nodes");
  const std::size_t per_node = reader.column("gpus_per_node");
  const std::size_t pp = reader.column("pp");
  const std::size_t dp = reader.column("dp");
  const std::size_t tp = reader.column("tp");
  const std::size_t seconds = reader.column("iter_time_s");
  std::vector<ForcedPlan> rows;
  while (reader.next()) {
    ForcedPlan row;
    row.task = {std::string(reader[model]) + "__" + std::string(reader[params]),
                read_integer(reader, batch, 1, "a global batch of at least 1 sample")};
    row.gpu_type = arena_gpu_type(reader[gpu]);
    row.locality = {read_gpus(reader, nodes), read_gpus(reader, per_node)};
    row.pp = read_count(reader, pp);
    row.dp = read_count(reader, dp);
    row.tp = read_count(reader, tp);
    row.iteration_seconds = read_positive(reader, seconds);
    if (row.pp * row.dp * row.tp != row.locality.gpus())
      fail_field(reader.where(pp), reader[pp], "degrees whose product is the number of GPUs");
    rows.push_back(std::move(row));
  }
  require_rows(rows, path);
  return rows;
}

}  // namespace orrery::traces
