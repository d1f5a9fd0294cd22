// Format `gavel`: traces of the Gavel scheduler (Narayanan et al., OSDI 2020), in three layouts:
// - the original one, ten fields separated by tabs, no header: job type, command, working
//   directory, argument for steps, needs data, total steps, scale factor, priority, SLO, arrival;
// - CSV with the columns trace, job_type, total_steps, scale_factor, arrival_s;
// - CSV with the columns seed, vc, job_type, total_steps, scale_factor, arrival_s.
// A job is given in steps: how long it runs follows from a measured throughput. The traces have no
// job ids: gavel-N is the N-th row.
#include <array>
#include <optional>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gavel_throughputs.hpp"
#include "traces/option_path.hpp"
#include "traces/reader_options.hpp"
#include "traces/split_line.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct GavelOptions {
  std::string throughputs;  // resolved
  std::string reference_gpu = "v100";
  std::string part;
};
base::Declaration<GavelOptions> declare(const GavelOptions*) {
  base::Declaration<GavelOptions> d("Gavel's traces.");
  d.custom(
       "throughputs", "text",
       [](GavelOptions& out, const base::Node& node) {
         if (node.kind != base::Node::Kind::scalar || node.text.empty())
           throw base::Error(node.where, "expected the path of a throughputs JSON file");
         out.throughputs = resolve_option_path(node);
       },
       "path of Gavel's throughputs JSON, plain or gzip: steps per second by GPU type, job type "
       "and number of GPUs")
      .required();
  d.text("reference_gpu", &GavelOptions::reference_gpu,
         "the GPU type of that file on which a job's duration is counted");
  d.text("part", &GavelOptions::part,
         "which trace of a file that holds several: its `trace` or `seed`; without it the first");
  return d;
}

/// Where a layout keeps what is read.
struct GavelColumns {
  std::size_t type, steps, gpus, arrival;
  std::optional<std::size_t> virtual_cluster;
};

class GavelReader : public TraceReader {
 public:
  explicit GavelReader(GavelOptions gavel) : gavel_(std::move(gavel)) {}

  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    const GavelThroughputs rates(gavel_.throughputs, gavel_.reference_gpu);
    WorkloadBuilder builder(options);
    builder.note("durations are steps over measured steps per second on " + gavel_.reference_gpu);
    if (is_table(options.path)) {
      read_table(rates, options, builder);
    } else {
      read_lines(rates, options, builder);
    }
    return builder.finish(Zero::as_written);
  }

 private:
  static bool is_table(const std::string& path) {
    base::LineReader lines(path);
    std::string_view line;
    while (lines.next(line))
      if (!line.empty()) return line.find('\t') == std::string_view::npos;
    return false;
  }

  void read_lines(const GavelThroughputs& rates, const ReadOptions& options,
                  WorkloadBuilder& builder) const {
    constexpr std::array<std::string_view, 10> kNames = {
        "job type",   "command",     "working directory", "argument for steps",
        "needs data", "total steps", "scale factor",      "priority",
        "SLO",        "arrival"};
    constexpr GavelColumns kColumns{0, 5, 6, 9, std::nullopt};
    base::LineReader lines(options.path);
    SplitLine fields(options.path, kNames);
    std::uint64_t row = 0;
    for_each_line(lines, builder, [&](std::string_view line) {
      if (line.empty()) return;
      ++row;
      fields.split(line, lines.line_number(), '\t');
      add_job(fields, kColumns, row, rates, builder);
    });
  }

  void read_table(const GavelThroughputs& rates, const ReadOptions& options,
                  WorkloadBuilder& builder) const {
    base::CsvReader reader(options.path);
    const GavelColumns columns{reader.column("job_type"), reader.column("total_steps"),
                               reader.column("scale_factor"), reader.column("arrival_s"),
                               reader.find_column("vc")};
    auto part_column = reader.find_column("trace");
    if (!part_column) part_column = reader.find_column("seed");
    std::string part = gavel_.part;
    std::uint64_t row = 0;
    for_each_row(reader, builder, [&] {
      ++row;
      if (part_column) {
        if (part.empty()) part = reader[*part_column];
        if (reader[*part_column] != part) return builder.exclude(LeftOut::other_part);
      }
      add_job(reader, columns, row, rates, builder);
    });
    if (part_column)
      builder.note("the file holds several traces; rows left out are those of others than " + part);
  }

  template <class Row>
  void add_job(const Row& row, const GavelColumns& columns, std::uint64_t number,
               const GavelThroughputs& rates, WorkloadBuilder& builder) const {
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(row.line_number());
    job.id = "gavel-" + std::to_string(number);
    job.submit_seconds = read_seconds(row, columns.arrival);
    job.gpus = read_gpus(row, columns.gpus);
    job.iterations = read_integer(row, columns.steps, 1, "a whole number of steps of at least 1");
    const std::string_view type = row[columns.type];
    const auto rate = rates.steps_per_second(type, job.gpus);
    if (!rate) {
      fail_field(row.where(columns.type), type,
                 "a job type with a measured throughput on " + std::to_string(job.gpus) + " " +
                     gavel_.reference_gpu);
    }
    job.duration_seconds = static_cast<double>(job.iterations) / *rate;
    if (!(job.duration_seconds <= kLatestSecond))
      fail_field(row.where(columns.steps), row[columns.steps],
                 "steps that end within 1e12 seconds");
    job.batch_samples = gavel_batch(type);
    job.model = builder.name(type, job.line);
    if (columns.virtual_cluster)
      job.virtual_cluster = builder.name(row[*columns.virtual_cluster], job.line);
    builder.add(std::move(job));
  }

  GavelOptions gavel_;
};

bool looks_like_gavel(std::string_view line) {
  if (has_columns(line, ',', {"job_type", "total_steps", "scale_factor", "arrival_s"})) return true;
  std::size_t tabs = 0;
  for (const char c : line) tabs += c == '\t';
  return tabs == 9;
}

const FormatRegistration gavel_registration({
    .name = "gavel",
    .help = "Gavel's traces: jobs in steps, with its measured throughputs (options)",
    .origin = "stanford-futuredata/gavel (MIT). Read: job type (as model, with its batch), steps, "
              "GPUs, arrival; priorities and SLOs are not read.",
    .options = base::describe<GavelOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<GavelReader>(read_options<GavelOptions>(node));
        },
    .matches = looks_like_gavel,
});

}  // namespace

}  // namespace orrery::traces
