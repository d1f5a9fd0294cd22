// Format `helios`: SenseTime's Helios clusters of 2020 (Hu et al., SC 2021), in two layouts:
// - the original cluster_log.csv: job_id, user, vc, (jobname,) gpu_num, cpu_num, node_num, state,
//   submit_time, start_time, end_time, duration, queue;
// - a table of GPU jobs in plain seconds: helios_job_id, submit_s, duration_s, gpus.
#include "models/base/csv.hpp"
#include "traces/converted_table.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

workloads::TrainingWorkload read_plain_seconds(base::CsvReader& reader,
                                               const ReadOptions& options) {
  WorkloadBuilder builder(options);
  return read_converted_table(reader, "helios_job_id", builder);
}

workloads::TrainingWorkload read_cluster_log(base::CsvReader& reader, const ReadOptions& options) {
  const std::size_t id = reader.column("job_id");
  const std::size_t vc = reader.column("vc");
  const auto user = reader.find_column("user");
  const std::size_t gpus = reader.column("gpu_num");
  const std::size_t submit = reader.column("submit_time");
  const std::size_t duration = reader.column("duration");
  WorkloadBuilder builder(options);
  builder.note("times are naive local ones; daylight saving steps are not corrected");
  for_each_row(reader, builder, [&] {
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(reader.line_number());
    job.gpus = read_gpus(reader, gpus, 0);
    job.submit_seconds = read_calendar_time(reader, submit);
    job.duration_seconds = read_seconds(reader, duration);
    if (job.gpus == 0) return builder.exclude(LeftOut::no_gpu);
    job.id = reader[id];
    job.virtual_cluster = builder.name(reader[vc], job.line);
    if (user) job.user = builder.name(reader[*user], job.line);
    builder.add(std::move(job));
  });
  return builder.finish(Zero::earliest_date);
}

class HeliosReader : public TraceReader {
 public:
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    if (reader.find_column("helios_job_id")) return read_plain_seconds(reader, options);
    return read_cluster_log(reader, options);
  }
};

const FormatRegistration helios_registration({
    .name = "helios",
    .help = "SenseTime Helios 2020: the original cluster_log.csv, or GPU jobs in plain seconds",
    .origin = "S-Lab-System-Group/HeliosData (CC-BY-4.0). Read: id, user, virtual cluster, GPUs, "
              "submit time and duration; jobs without GPUs are excluded and counted.",
    .options = base::describe<NoOptions>(),
    .make =
        [](const base::Node& node) {
          read_options<NoOptions>(node);
          return std::make_unique<HeliosReader>();
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',', {"helios_job_id", "submit_s", "duration_s", "gpus"}) ||
                 has_columns(line, ',', {"job_id", "vc", "gpu_num", "submit_time", "duration"});
        },
});

}  // namespace

}  // namespace orrery::traces
