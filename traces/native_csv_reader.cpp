// Format `csv`, the native one. Times are plain seconds and stay exactly as written.
#include <algorithm>
#include <iterator>
#include <optional>

#include "models/base/csv.hpp"
#include "models/gemm/pruning.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct NativeColumns {
  explicit NativeColumns(const base::CsvReader& reader)
      : id(reader.column("job_id")),
        submit(reader.column("submit_seconds")),
        gpus(reader.column("gpus")),
        duration(reader.column("duration_seconds")),
        gpu_milli(reader.find_column("gpu_milli")),
        model(reader.find_column("model")),
        iterations(reader.find_column("iterations")),
        batch(reader.find_column("batch_samples")),
        deadline(reader.find_column("deadline_seconds")),
        virtual_cluster(reader.find_column("virtual_cluster")),
        user(reader.find_column("user")),
        account(reader.find_column("account")),
        gpu_types(reader.find_column("gpu_types")),
        pruning(reader.find_column("pruning")),
        after_job(reader.find_column("after_job")),
        think(reader.find_column("think_seconds")) {}

  std::size_t id, submit, gpus, duration;
  std::optional<std::size_t> gpu_milli, model, iterations, batch, deadline, virtual_cluster, user,
      account, gpu_types, pruning, after_job, think;
};

/// The column, where the file has it and the row fills it.
std::optional<std::size_t> filled(const base::CsvReader& row, std::optional<std::size_t> column) {
  if (column && row[*column].empty()) return std::nullopt;
  return column;
}

void read_row(const base::CsvReader& row, const NativeColumns& columns, WorkloadBuilder& builder) {
  workloads::TrainingJob job;
  job.line = static_cast<std::uint32_t>(row.line_number());
  job.id = row[columns.id];
  job.submit_seconds = read_seconds(row, columns.submit);
  job.gpus = read_gpus(row, columns.gpus);
  job.duration_seconds = read_seconds(row, columns.duration);
  if (const auto column = filled(row, columns.gpu_milli)) {
    const auto milli = read_integer(row, *column, 1, "a share of a GPU from 1 to 1000");
    if (milli > 1000) fail_field(row.where(*column), row[*column], "at most 1000");
    if (milli < 1000 && job.gpus != 1)
      fail_field(row.where(*column), row[*column], "1000, because the job asks for several GPUs");
    job.gpu_milli = static_cast<std::int32_t>(milli);
  }
  if (const auto column = filled(row, columns.iterations))
    job.iterations = read_integer(row, *column, 0, "a whole number of iterations");
  if (const auto column = filled(row, columns.batch))
    job.batch_samples = read_integer(row, *column, 0, "a whole number of samples");
  if (const auto column = filled(row, columns.deadline))
    job.deadline_seconds = read_seconds(row, *column);
  if (const auto column = filled(row, columns.model))
    job.model = builder.name(row[*column], job.line);
  if (const auto column = filled(row, columns.virtual_cluster))
    job.virtual_cluster = builder.name(row[*column], job.line);
  if (const auto column = filled(row, columns.user))
    job.user = builder.name(row[*column], job.line);
  if (const auto column = filled(row, columns.account))
    job.account = builder.name(row[*column], job.line);
  if (const auto column = filled(row, columns.gpu_types))
    job.gpu_types = builder.name(row[*column], job.line);
  const auto after = filled(row, columns.after_job);
  double think_seconds = 0;
  if (const auto column = filled(row, columns.think)) think_seconds = read_seconds(row, *column);
  if (think_seconds > 0 && !after)
    fail_field(row.where(*columns.think), row[*columns.think],
               "none, because the row has no 'after_job'");
  if (after && !is_clean_text(row[*after]))
    fail_field(row.where(*after), row[*after], "the id of a job");
  if (const auto column = filled(row, columns.pruning))
    job.pruning = builder.name(
        to_text(models::gemm::parse_pruning(row[*column], row.where(*column))), job.line);
  const std::string id = job.id;
  builder.add(std::move(job));
  if (after) builder.hold_back(id, row[*after], think_seconds);
}

void note_unread_columns(const base::CsvReader& reader, WorkloadBuilder& builder) {
  constexpr std::string_view kRead[] = {
      "job_id",           "submit_seconds",  "gpus",       "duration_seconds",
      "gpu_milli",        "model",           "iterations", "batch_samples",
      "deadline_seconds", "virtual_cluster", "user",       "account",
      "gpu_types",        "pruning",         "after_job",  "think_seconds"};
  std::string unread;
  for (const std::string& name : reader.header()) {
    if (std::find(std::begin(kRead), std::end(kRead), name) != std::end(kRead)) continue;
    unread += (unread.empty() ? "" : ", ") + name;
  }
  if (!unread.empty()) builder.note("columns not read: " + unread);
}

class NativeCsvReader : public TraceReader {
 public:
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    const NativeColumns columns(reader);
    WorkloadBuilder builder(options);
    note_unread_columns(reader, builder);
    for_each_row(reader, builder, [&] { read_row(reader, columns, builder); });
    return builder.finish(Zero::as_written);
  }
};

const FormatRegistration native_csv_registration({
    .name = "csv",
    .help = "Orrery's own: job_id, submit_seconds, gpus, duration_seconds and optional columns",
    .origin = "Written by hand, by `orrery trace convert` or by scripts. Columns in any order; "
              "optional are gpu_milli, model, iterations, batch_samples, deadline_seconds, "
              "virtual_cluster, user, account, gpu_types (names joined by '|'), pruning "
              "(tw/0.75/128), after_job "
              "(the job is submitted when that one has ended) and think_seconds (so much later).",
    .options = base::describe<NoOptions>(),
    .make =
        [](const base::Node& node) {
          read_options<NoOptions>(node);
          return std::make_unique<NativeCsvReader>();
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',', {"job_id", "submit_seconds", "gpus", "duration_seconds"});
        },
});

}  // namespace

}  // namespace orrery::traces
