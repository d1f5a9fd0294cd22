#include "traces/data_parallel_memory_reader.hpp"

#include <limits>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

constexpr double kBytesPerGib = 1024.0 * 1024 * 1024;
constexpr double kMostGib = 1e6;

double read_peak_bytes(const base::CsvReader& reader, std::size_t column) {
  const auto gib = base::parse_double(reader[column]);
  if (gib && *gib == -1) return std::numeric_limits<double>::infinity();
  if (!gib || !(*gib > 0) || *gib > kMostGib)
    fail_field(reader.where(column), reader[column],
               "GiB of peak memory above 0, or -1 where it does not fit");
  return *gib * kBytesPerGib;
}

}  // namespace

models::DataParallelMemory read_data_parallel_memory(const std::string& path) {
  base::CsvReader reader(path);
  const std::size_t model = reader.column("model");
  const std::size_t params = reader.column("params");
  const std::size_t batch = reader.column("global_batch");
  const std::size_t gpus = reader.column("gpus");
  const std::size_t peak = reader.column("dp_peak_mem_gib");
  models::DataParallelMemory memory;
  while (reader.next()) {
    const models::TrainingTask task{
        std::string(reader[model]) + "__" + std::string(reader[params]),
        read_integer(reader, batch, 1, "a global batch of at least 1 sample")};
    memory.add(task, read_gpus(reader, gpus), read_peak_bytes(reader, peak), reader.where(peak));
  }
  if (memory.rows() == 0)
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measurement");
  return memory;
}

}  // namespace orrery::traces
