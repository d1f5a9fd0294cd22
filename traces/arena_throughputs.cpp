// Format `arena`: iteration times of the Crius (Arena) artifact, CSV with the columns model,
// params, global_batch, gpu_type, nodes, gpus_per_node, iter_time_s (others are ignored). -1 says
// that the configuration was tried and cannot run. A model is named `model__params`, as its traces
// do.
#include <limits>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"
#include "traces/reader_options.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

struct ArenaTableOptions {};
base::Declaration<ArenaTableOptions> declare(const ArenaTableOptions*) {
  return base::Declaration<ArenaTableOptions>("Crius's (Arena's) table of iteration times.");
}

double read_iteration_seconds(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_double(reader[column]);
  if (value && *value == -1) return std::numeric_limits<double>::infinity();
  if (!value || !(*value > 0) || *value > kLatestSecond)
    fail_field(reader.where(column), reader[column],
               "seconds of one iteration above 0, or -1 where it cannot run");
  return *value;
}

models::ThroughputTable read_arena(const std::string& path, const base::Node& options) {
  read_options<ArenaTableOptions>(options);
  base::CsvReader reader(path);
  const std::size_t model = reader.column("model");
  const std::size_t params = reader.column("params");
  const std::size_t batch = reader.column("global_batch");
  const std::size_t gpu = reader.column("gpu_type");
  const std::size_t nodes = reader.column("nodes");
  const std::size_t per_node = reader.column("gpus_per_node");
  const std::size_t seconds = reader.column("iter_time_s");
  models::ThroughputTable table;
  while (reader.next()) {
    const models::TrainingTask task{
        std::string(reader[model]) + "__" + std::string(reader[params]),
        read_integer(reader, batch, 1, "a global batch of at least 1 sample")};
    const models::Locality locality{read_gpus(reader, nodes), read_gpus(reader, per_node)};
    table.add(task, arena_gpu_type(reader[gpu]), locality, read_iteration_seconds(reader, seconds),
              reader.where(seconds));
  }
  if (table.rows() == 0)
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measurement");
  return table;
}

const ThroughputFormatRegistration arena_throughputs_registration({
    .name = "arena",
    .help = "iteration times of the Crius (Arena) artifact by model, batch, GPU type and nodes",
    .origin = "sjtu-epcc/arena, branch ae-eurosys (Apache-2.0): optimal_iter_time, re-serialised "
              "as CSV. The best plan that a full search found, in seconds per iteration.",
    .options = base::describe<ArenaTableOptions>(),
    .read = read_arena,
});

}  // namespace

}  // namespace orrery::traces
