// Format `sia`: workloads of the Sia artifact (SOSP 2023), CSV with the columns name, time,
// application, num_replicas, batch_size. The files do not say how much a job computes: there it is
// however many samples its application needs until it converges. The experiment says it here, per
// application or as one number of iterations for all (ours).
#include <map>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct SiaTraceOptions {
  std::map<std::string, std::int64_t, std::less<>> samples;  // by application
  std::optional<std::int64_t> iterations;
  std::string gpu_types;
};

void read_samples(SiaTraceOptions& out, const base::Node& node) {
  if (!node.is_mapping() || node.entries.empty()) {
    throw base::Error(node.where,
                      "expected a mapping of applications to samples such as {cifar10: 4000000}");
  }
  for (const base::Entry& entry : node.entries) {
    const auto samples = base::parse_integer(entry.value.text);
    if (entry.value.kind != base::Node::Kind::scalar || !samples || *samples < 1 ||
        static_cast<double>(*samples) > base::kLargestCount)
      throw base::Error(entry.value.where, "expected a whole number of samples from 1 to 1e15");
    out.samples[entry.key] = *samples;
  }
}

base::Declaration<SiaTraceOptions> declare(const SiaTraceOptions*) {
  base::Declaration<SiaTraceOptions> d("Sia's workloads.");
  d.custom("samples", "mapping of integer", read_samples,
           "samples that a job of each application processes until it ends; the files do not say")
      .at_least(1)
      .at_most(base::kLargestCount);
  d.integer("iterations", &SiaTraceOptions::iterations,
            "instead of samples: iterations of every job")
      .at_least(1);
  d.text("gpu_types", &SiaTraceOptions::gpu_types,
         "the GPU types every job asks for, joined by '|'; without it any");
  return d;
}

class SiaReader final : public TraceReader {
 public:
  SiaReader(SiaTraceOptions sia, base::Where where) : sia_(std::move(sia)) {
    if (sia_.samples.empty() == !sia_.iterations) {
      throw base::Error(std::move(where),
                        "Sia's workloads do not say how much a job computes; expected either "
                        "'samples' by application or 'iterations' for all jobs");
    }
  }

  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    const std::size_t name = reader.column("name");
    const std::size_t time = reader.column("time");
    const std::size_t application = reader.column("application");
    const std::size_t replicas = reader.column("num_replicas");
    const std::size_t batch = reader.column("batch_size");
    WorkloadBuilder builder(options);
    builder.note("how much a job computes is the experiment's choice: the file does not say");
    for_each_row(reader, builder, [&] {
      workloads::TrainingJob job;
      job.line = static_cast<std::uint32_t>(reader.line_number());
      job.id = reader[name];
      job.submit_seconds = read_seconds(reader, time);
      job.gpus = read_gpus(reader, replicas);
      job.batch_samples = read_integer(reader, batch, 1, "a batch of at least 1 sample");
      job.iterations = iterations_of(reader, application, job.batch_samples);
      job.model = builder.name(reader[application], job.line);
      if (!sia_.gpu_types.empty()) job.gpu_types = builder.name(sia_.gpu_types, job.line);
      builder.add(std::move(job));
    });
    return builder.finish(Zero::as_written);
  }

 private:
  std::int64_t iterations_of(const base::CsvReader& reader, std::size_t application,
                             std::int64_t batch_samples) const {
    if (sia_.iterations) return *sia_.iterations;
    const auto found = sia_.samples.find(reader[application]);
    if (found == sia_.samples.end())
      fail_field(reader.where(application), reader[application],
                 "an application that the option 'samples' names");
    return (found->second - 1) / batch_samples + 1;
  }

  SiaTraceOptions sia_;
};

const FormatRegistration sia_registration({
    .name = "sia",
    .help = "Sia's workloads: jobs with a batch; needs the amount of work and 'throughput'",
    .origin = "siasosp23/artifacts, no licence file at its top. Read: all columns; how much a job "
              "computes is not in the files.",
    .options = base::describe<SiaTraceOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<SiaReader>(read_options<SiaTraceOptions>(node), node.where);
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',',
                             {"name", "time", "application", "num_replicas", "batch_size"});
        },
});

}  // namespace

}  // namespace orrery::traces
