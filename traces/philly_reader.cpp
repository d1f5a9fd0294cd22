// Format `philly`: Microsoft's Philly jobs of 2017 (Jeon et al., USENIX ATC 2019) in the condensed
// table that later simulators ship: submit_time, duration_s, gpus, vc. It has no job ids.
#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

class PhillyReader : public TraceReader {
 public:
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    const std::size_t submit = reader.column("submit_time");
    const std::size_t duration = reader.column("duration_s");
    const std::size_t gpus = reader.column("gpus");
    const std::size_t vc = reader.column("vc");
    WorkloadBuilder builder(options);
    builder.note("times are naive local ones; daylight saving steps are not corrected");
    builder.note("the trace has no job ids: philly-N is its N-th row of data");
    std::uint64_t row = 0;
    for_each_row(reader, builder, [&] {
      ++row;
      workloads::TrainingJob job;
      job.line = static_cast<std::uint32_t>(reader.line_number());
      job.id = "philly-" + std::to_string(row);
      job.submit_seconds = read_calendar_time(reader, submit);
      job.duration_seconds = read_seconds(reader, duration);
      job.gpus = read_gpus(reader, gpus);
      job.virtual_cluster = builder.name(reader[vc], job.line);
      builder.add(std::move(job));
    });
    return builder.finish(Zero::earliest_date);
  }
};

const FormatRegistration philly_registration({
    .name = "philly",
    .help = "Microsoft Philly 2017, condensed table: submit_time, duration_s, gpus, vc",
    .origin = "msr-fiddle/philly-traces (CC-BY-4.0) as condensed in the artifacts of Pollux and "
              "Sia. Read: all four columns.",
    .options = base::describe<NoOptions>(),
    .make =
        [](const base::Node& node) {
          read_options<NoOptions>(node);
          return std::make_unique<PhillyReader>();
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',', {"submit_time", "duration_s", "gpus", "vc"});
        },
});

}  // namespace

}  // namespace orrery::traces
