// Format `arena`: job traces of the Crius (Arena) artifact, CSV with the columns job_id,
// submission_time, num_iteration, model_name, deadline, batch_size, num_gpu, gpu_type.
// Jobs are counted in iterations; how long one takes is the experiment's `throughput`.
#include <fmt/format.h>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct ArenaOptions {
  std::int64_t iterations_divisor = 5;
  bool deadlines = false;
  double deadline_factor = 5;
};
base::Declaration<ArenaOptions> declare(const ArenaOptions*) {
  base::Declaration<ArenaOptions> d("Crius's (Arena's) traces.");
  d.integer("iterations_divisor", &ArenaOptions::iterations_divisor,
            "a job runs num_iteration over this, rounded down; the artifact's simulator takes 5")
      .at_least(1);
  d.boolean("deadlines", &ArenaOptions::deadlines, "whether the jobs' deadlines count");
  d.number("deadline_factor", &ArenaOptions::deadline_factor, base::Dimension::none,
           "a job's time from submission to deadline, in multiples of the trace's; the artifact "
           "takes 5")
      .more_than(0)
      .at_most(1e6);
  return d;
}

class ArenaReader final : public TraceReader {
 public:
  explicit ArenaReader(const ArenaOptions& arena) : arena_(arena) {}

  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    const std::size_t id = reader.column("job_id");
    const std::size_t submit = reader.column("submission_time");
    const std::size_t iterations = reader.column("num_iteration");
    const std::size_t model = reader.column("model_name");
    const std::size_t deadline = reader.column("deadline");
    const std::size_t batch = reader.column("batch_size");
    const std::size_t gpus = reader.column("num_gpu");
    const std::size_t gpu = reader.column("gpu_type");
    WorkloadBuilder builder(options);
    for_each_row(reader, builder, [&] {
      workloads::TrainingJob job;
      job.line = static_cast<std::uint32_t>(reader.line_number());
      job.id = reader[id];
      job.submit_seconds = read_seconds(reader, submit);
      const std::int64_t written =
          read_integer(reader, iterations, 1, "a whole number of iterations of at least 1");
      job.iterations = written / arena_.iterations_divisor;
      if (job.iterations < 1)
        fail_field(reader.where(iterations), reader[iterations],
                   "at least " + std::to_string(arena_.iterations_divisor) + " iterations");
      job.batch_samples = read_integer(reader, batch, 1, "a batch of at least 1 sample");
      job.gpus = read_gpus(reader, gpus);
      job.model = builder.name(reader[model], reader.line_number());
      job.gpu_types = builder.name(arena_gpu_type(reader[gpu]), reader.line_number());
      const double until = read_seconds(reader, deadline);
      if (until < job.submit_seconds)
        fail_field(reader.where(deadline), reader[deadline],
                   "a deadline that is not before the submission");
      if (arena_.deadlines) {
        job.deadline_seconds =
            job.submit_seconds + (until - job.submit_seconds) * arena_.deadline_factor;
        if (job.deadline_seconds > kLatestSecond)
          fail_field(reader.where(deadline), reader[deadline],
                     fmt::format("a deadline that is at most 1e12 seconds when its time from the "
                                 "submission is taken {} times",
                                 arena_.deadline_factor));
      }
      builder.add(std::move(job));
    });
    return builder.finish(Zero::earliest_submit);
  }

 private:
  ArenaOptions arena_;
};

const FormatRegistration arena_registration({
    .name = "arena",
    .help = "the Crius (Arena) artifact's jobs in iterations; needs the experiment's 'throughput'",
    .origin = "sjtu-epcc/arena, branch ae-eurosys (Apache-2.0). Read: all columns; the GPU type is "
              "what a job asks for, and policies that adapt may choose another.",
    .options = base::describe<ArenaOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<ArenaReader>(read_options<ArenaOptions>(node));
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',',
                             {"job_id", "submission_time", "num_iteration", "model_name",
                              "batch_size", "num_gpu", "gpu_type"});
        },
});

}  // namespace

}  // namespace orrery::traces
