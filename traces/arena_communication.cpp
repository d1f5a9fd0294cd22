#include "traces/arena_communication.hpp"

#include <algorithm>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

namespace {

std::int32_t degree(const base::CsvReader& reader, std::size_t column) {
  const std::int64_t value = read_integer(reader, column, 1, "a degree of parallelism from 1 on");
  if (value > 100'000)
    fail_field(reader.where(column), reader[column], "a degree of parallelism up to 100000");
  return static_cast<std::int32_t>(value);
}

double seconds(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_double(reader[column]);
  if (!value || !(*value >= 0) || *value > kLatestSecond)
    fail_field(reader.where(column), reader[column], "seconds of an iteration, 0 or more");
  return *value;
}

}  // namespace

models::CommunicationTable read_arena_communication(const std::string& path) {
  base::CsvReader reader(path);
  const std::size_t model = reader.column("model");
  const std::size_t params = reader.column("params");
  const std::size_t batch = reader.column("global_batch");
  const std::size_t gpu = reader.column("gpu_type");
  const std::size_t nodes = reader.column("nodes");
  const std::size_t per_node = reader.column("gpus_per_node");
  const std::size_t pipeline = reader.column("pp");
  const std::size_t data = reader.column("dp");
  const std::size_t tensor = reader.column("tp");
  const std::size_t within = reader.column("intra_stage_comm_s");
  const std::size_t between = reader.column("inter_stage_comm_s");
  const std::size_t whole = reader.column("iter_time_est_s");
  models::CommunicationTable table;
  while (reader.next()) {
    if (reader[whole] == "inf") continue;  // the plan does not fit
    const double iteration = seconds(reader, whole);
    if (iteration < models::kShortestIterationSeconds)
      fail_field(reader.where(whole), reader[whole], "at least 1e-9 seconds");
    const models::TrainingTask task{
        std::string(reader[model]) + "__" + std::string(reader[params]),
        read_integer(reader, batch, 1, "a global batch of at least 1 sample")};
    const models::Locality locality{read_gpus(reader, nodes), read_gpus(reader, per_node)};
    const models::PlanShape plan{degree(reader, data), degree(reader, tensor),
                                 degree(reader, pipeline)};
    table.add(task, arena_gpu_type(reader[gpu]), locality,
              {plan, seconds(reader, within) / iteration, seconds(reader, between) / iteration},
              iteration, reader.where(whole));
  }
  if (table.rows() == 0)
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one breakdown");
  return table;
}

}  // namespace orrery::traces
