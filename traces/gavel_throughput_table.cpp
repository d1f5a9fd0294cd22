// Format `gavel`: steps per second of the Gavel scheduler (Narayanan et al., OSDI 2020), either its
// throughputs JSON or CSV with the columns worker_type, job_type, scale_factor, steps_per_s. A rate
// of 0 says that the job was tried and cannot run. A model is named by its job type, as its traces
// do, with the batch written there.
//
// Read: `v100` are workers on as few servers as it takes, `v100_unconsolidated` on different ones.
// Ours: where only part of the workers share a server, the unconsolidated rate counts.
#include <fmt/format.h>

#include <limits>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gavel_throughputs.hpp"
#include "traces/reader_options.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

struct GavelTableOptions {
  std::int32_t server_gpus = 8;
  std::string v100 = "v100-16g";
};
base::Declaration<GavelTableOptions> declare(const GavelTableOptions*) {
  base::Declaration<GavelTableOptions> d("Gavel's table of steps per second.");
  d.integer("server_gpus", &GavelTableOptions::server_gpus,
            "GPUs of a server: how many consolidated workers share one")
      .at_least(1)
      .at_most(static_cast<double>(kMostGpus));
  d.text("v100", &GavelTableOptions::v100,
         "the GPU type that its V100 is; the files leave the memory open");
  return d;
}

constexpr std::string_view kApart = "_unconsolidated";
constexpr std::int64_t kMostWorkers = 4096;

class GavelTable {
 public:
  explicit GavelTable(GavelTableOptions options) : options_(std::move(options)) {}

  void add(const GavelRate& rate, const base::Where& where) {
    std::string_view worker = rate.worker_type;
    const bool apart = worker.ends_with(kApart);
    if (apart) worker.remove_suffix(kApart.size());
    const std::string gpu_type = worker == "v100" ? options_.v100 : std::string(worker);
    const models::TrainingTask task{rate.job_type, gavel_batch(rate.job_type)};
    const double seconds = rate.steps_per_second > 0 ? 1 / rate.steps_per_second
                                                     : std::numeric_limits<double>::infinity();
    if (rate.gpus > kMostWorkers)
      throw base::Error(where, fmt::format("found a scale factor of {}, expected at most {}",
                                           rate.gpus, kMostWorkers));
    const auto gpus = static_cast<std::int32_t>(rate.gpus);
    const models::Locality together = models::best_locality(gpus, options_.server_gpus);
    if (!apart) return table_.add(task, gpu_type, together, seconds, where);
    // A single worker is nowhere but on its own server, which its consolidated row tells.
    for (std::int32_t nodes = together.nodes + 1; nodes <= gpus; ++nodes)
      if (gpus % nodes == 0) table_.add(task, gpu_type, {nodes, gpus / nodes}, seconds, where);
  }

  models::ThroughputTable take(const std::string& path) {
    if (table_.rows() == 0)
      throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measurement");
    return std::move(table_);
  }

 private:
  GavelTableOptions options_;
  models::ThroughputTable table_;
};

double read_rate(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_double(reader[column]);
  if (!value || !(*value >= 0) || *value > kLatestSecond)
    fail_field(reader.where(column), reader[column], "steps per second of 0 (cannot run) to 1e12");
  return *value;
}

void read_csv(const std::string& path, GavelTable& table) {
  base::CsvReader reader(path);
  const std::size_t worker = reader.column("worker_type");
  const std::size_t job = reader.column("job_type");
  const std::size_t scale = reader.column("scale_factor");
  const std::size_t rate = reader.column("steps_per_s");
  while (reader.next()) {
    GavelRate found;
    found.worker_type = reader[worker];
    found.job_type = reader[job];
    if (found.worker_type.empty() || !is_clean_text(found.worker_type))
      fail_field(reader.where(worker), reader[worker], "a worker type like v100");
    if (found.job_type.empty() || !is_clean_text(found.job_type))
      fail_field(reader.where(job), reader[job], "a job type");
    found.gpus = read_gpus(reader, scale);
    found.steps_per_second = read_rate(reader, rate);
    table.add(found, reader.where(rate));
  }
}

/// Whether a file begins as JSON does.
bool is_json(const std::string& path) {
  base::LineReader lines(path);
  std::string_view line;
  while (lines.next(line)) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos) return line[first] == '{';
  }
  return false;
}

models::ThroughputTable read_gavel(const std::string& path, const base::Node& node) {
  GavelTable table(read_options<GavelTableOptions>(node));
  if (is_json(path)) {
    for_each_gavel_rate(path, [&](const GavelRate& rate) {
      table.add(rate, {path, 0, 0, rate.worker_type + "." + rate.job_type});
    });
  } else {
    read_csv(path, table);
  }
  return table.take(path);
}

const ThroughputFormatRegistration gavel_throughput_table_registration({
    .name = "gavel",
    .help = "Gavel's steps per second by job type, GPU type and number of GPUs, CSV or JSON",
    .origin = "stanford-futuredata/gavel (MIT): jobs alone on their GPUs; pairs that share one are "
              "not read.",
    .options = base::describe<GavelTableOptions>(),
    .read = read_gavel,
});

}  // namespace

}  // namespace orrery::traces
