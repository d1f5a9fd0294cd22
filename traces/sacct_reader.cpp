// Format `sacct`: Slurm's own accounting, so that people can replay their cluster:
//   sacct --allusers --parsable2 --starttime=2024-01-01
//       --format=JobID,Partition,Account,State,Submit,Start,End,Elapsed,AllocTRES
// Columns are found by their names in the header. Steps (123.batch), jobs without GPUs and jobs
// that did not run to an end are excluded and counted.
#include <algorithm>
#include <array>
#include <optional>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/slurm_fields.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

enum class SacctColumn { partition, account, none };

struct SacctOptions {
  SacctColumn virtual_cluster = SacctColumn::partition;
  bool gpu_types = true;
};
base::Declaration<SacctOptions> declare(const SacctOptions*) {
  base::Declaration<SacctOptions> d("Slurm accounting.");
  d.choice("virtual_cluster", &SacctOptions::virtual_cluster,
           {{"partition", SacctColumn::partition},
            {"account", SacctColumn::account},
            {"none", SacctColumn::none}},
           "the column that names a job's virtual cluster, where the file has it");
  d.boolean("gpu_types", &SacctOptions::gpu_types,
            "keep the types of typed GPUs (gres/gpu:a100=4), in lower case, as the only ones the "
            "job may run on");
  return d;
}

/// Whether a state says that the job has not come to its end. `CANCELLED by 1000` and the like
/// carry more words.
bool is_unfinished(std::string_view state) {
  constexpr std::string_view kUnfinished[] = {
      "PENDING",     "RUNNING",    "SUSPENDED",    "REQUEUED",    "RESIZING",
      "CONFIGURING", "COMPLETING", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT"};
  const std::string_view word = state.substr(0, std::min(state.find(' '), state.size()));
  return std::find(std::begin(kUnfinished), std::end(kUnfinished), word) != std::end(kUnfinished);
}

bool is_unknown_time(std::string_view text) {
  return text.empty() || text == "Unknown" || text == "None";
}

class Accounting {
 public:
  Accounting(const SacctOptions& sacct, const ReadOptions& options)
      : reader_(options.path, '|'), sacct_(sacct), builder_(options) {
    if (!elapsed_ && !(start_ && end_)) {
      throw base::Error({options.path, 1, 0, ""},
                        "has neither the column Elapsed nor both Start and End");
    }
    for (const char* name : {"AllocTRES", "ReqTRES", "AllocGRES", "ReqGRES"})
      if (const auto column = reader_.find_column(name)) resources_.push_back(*column);
    if (resources_.empty()) {
      throw base::Error({options.path, 1, 0, ""},
                        "has none of the columns AllocTRES, ReqTRES, AllocGRES and ReqGRES, which "
                        "say how many GPUs a job has");
    }
    if (sacct.virtual_cluster == SacctColumn::partition)
      cluster_ = reader_.find_column("Partition");
    if (sacct.virtual_cluster == SacctColumn::account) cluster_ = reader_.find_column("Account");
  }

  workloads::TrainingWorkload read() {
    builder_.note("times are naive local ones; daylight saving steps are not corrected");
    for_each_row(reader_, builder_, [&] { read_row(); });
    return builder_.finish(Zero::earliest_submit);
  }

 private:
  void read_row() {
    const std::string_view id = reader_[id_];
    if (id.find('.') != std::string_view::npos) return builder_.exclude();
    if (state_ && is_unfinished(reader_[*state_])) return builder_.exclude();
    if (start_ && is_unknown_time(reader_[*start_])) return builder_.exclude();
    const SlurmGpus gpus = read_gpus_of_row();
    if (gpus.count == 0) return builder_.exclude();
    if (!elapsed_ && is_unknown_time(reader_[*end_])) return builder_.exclude();

    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(reader_.line_number());
    job.id = id;
    job.gpus = static_cast<std::int32_t>(gpus.count);
    job.submit_seconds = read_calendar_time(reader_, submit_);
    job.duration_seconds = read_duration();
    if (cluster_) job.virtual_cluster = builder_.name(reader_[*cluster_], job.line);
    if (sacct_.gpu_types) job.gpu_types = builder_.name(gpus.types, job.line);
    builder_.add(std::move(job));
  }

  /// What the first column that is filled says.
  SlurmGpus read_gpus_of_row() const {
    for (const std::size_t column : resources_) {
      if (reader_[column].empty()) continue;
      const auto gpus = parse_slurm_gpus(reader_[column]);
      if (!gpus || gpus->count > kMostGpus)
        fail_field(reader_.where(column), reader_[column], "a count of GPUs like gres/gpu=4");
      return *gpus;
    }
    return {};
  }

  double read_duration() const {
    if (elapsed_) {
      const auto seconds = parse_slurm_duration(reader_[*elapsed_]);
      if (!seconds)
        fail_field(reader_.where(*elapsed_), reader_[*elapsed_], "a duration like 1-02:03:04");
      return *seconds;
    }
    const double start = read_calendar_time(reader_, *start_);
    const double end = read_calendar_time(reader_, *end_);
    if (end < start) fail_field(reader_.where(*end_), reader_[*end_], "an end after the start");
    return end - start;
  }

  base::CsvReader reader_;
  SacctOptions sacct_;
  WorkloadBuilder builder_;
  std::size_t id_ = reader_.column("JobID");
  std::size_t submit_ = reader_.column("Submit");
  std::optional<std::size_t> state_ = reader_.find_column("State");
  std::optional<std::size_t> start_ = reader_.find_column("Start");
  std::optional<std::size_t> end_ = reader_.find_column("End");
  std::optional<std::size_t> elapsed_ = reader_.find_column("Elapsed");
  std::optional<std::size_t> cluster_;
  std::vector<std::size_t> resources_;
};

class SacctReader : public TraceReader {
 public:
  explicit SacctReader(SacctOptions sacct) : sacct_(sacct) {}
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    return Accounting(sacct_, options).read();
  }

 private:
  SacctOptions sacct_;
};

const FormatRegistration sacct_registration({
    .name = "sacct",
    .help = "Slurm's accounting: sacct --parsable2 with a header",
    .origin = "sacct --allusers --parsable2 --format=JobID,Partition,Account,State,Submit,Start,"
              "End,Elapsed,AllocTRES. Steps, jobs without GPUs and jobs that never started or have "
              "not ended are excluded and counted.",
    .options = base::describe<SacctOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<SacctReader>(read_options<SacctOptions>(node));
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, '|', {"JobID", "Submit"});
        },
});

}  // namespace

}  // namespace orrery::traces
