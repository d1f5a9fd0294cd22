#include "traces/converted_table.hpp"

#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

constexpr double kConvertedCutSeconds = 172800;

}  // namespace

workloads::TrainingWorkload read_converted_table(base::CsvReader& reader, const char* id_column,
                                                 WorkloadBuilder& builder) {
  const std::size_t id = reader.column(id_column);
  const std::size_t submit = reader.column("submit_s");
  const std::size_t duration = reader.column("duration_s");
  const std::size_t gpus = reader.column("gpus");
  for_each_row(reader, builder, [&] {
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(reader.line_number());
    job.id = reader[id];
    job.submit_seconds = read_seconds(reader, submit);
    job.duration_seconds = read_seconds(reader, duration);
    job.gpus = read_gpus(reader, gpus);
    builder.add(std::move(job));
  });
  builder.note_cut_durations(kConvertedCutSeconds);
  return builder.finish(Zero::as_written);
}

}  // namespace orrery::traces
