// Format `pai-2020`: Alibaba PAI, July and August 2020 (Weng et al., NSDI 2022), in two layouts:
// - the original pai_task_table, its header row first: job_name, task_name, inst_num, status,
//   start_time, end_time, plan_cpu, plan_mem, plan_gpu (percent of a GPU per instance), gpu_type;
// - a table of GPU tasks: job_name, submit_s, duration_s, gpus.
// Each task is a job of ours; the id of a task is job_name/task_name.
#include <algorithm>
#include <cmath>

#include "models/base/csv.hpp"
#include "traces/converted_table.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct PaiOptions {
  bool gpu_types = false;
};
base::Declaration<PaiOptions> declare(const PaiOptions*) {
  base::Declaration<PaiOptions> d("Alibaba PAI 2020.");
  d.boolean("gpu_types", &PaiOptions::gpu_types,
            "keep the type of GPU a task ran on as the only type it may run on");
  return d;
}

workloads::TrainingWorkload read_condensed(base::CsvReader& reader, const ReadOptions& options) {
  WorkloadBuilder builder(options);
  builder.note("a task's submit time is its start in the trace: queueing had already happened");
  return read_converted_table(reader, "job_name", builder);
}

/// Reads the original task table.
class TaskTable {
 public:
  TaskTable(base::CsvReader& reader, const PaiOptions& pai, const ReadOptions& options)
      : reader_(reader), pai_(pai), builder_(options) {}

  workloads::TrainingWorkload read() {
    builder_.note("a task's submit time is its start in the trace: queueing had already happened");
    for_each_row(reader_, builder_, [&] { read_row(); });
    if (rounded_ > 0) {
      builder_.note(
          "tasks of several instances with shares of a GPU, each rounded up to whole "
          "GPUs: " +
          std::to_string(rounded_));
    }
    return builder_.finish(Zero::as_written);
  }

 private:
  void read_row() {
    // Only terminated tasks ran to their end; the others have no duration that can be replayed.
    if (reader_[plan_gpu_].empty()) return builder_.exclude(LeftOut::no_gpu);
    if (reader_[status_] != "Terminated") return builder_.exclude(why_unfinished(reader_[status_]));
    const double percent = reader_.number(plan_gpu_);
    if (percent == 0) return builder_.exclude(LeftOut::no_gpu);
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(reader_.line_number());
    job.id = std::string(reader_[job_name_]) + '/' + std::string(reader_[task_name_]);
    read_gpus_of(job, percent);
    job.submit_seconds = read_seconds(reader_, start_);
    const double end = read_seconds(reader_, end_);
    if (end < job.submit_seconds)
      fail_field(reader_.where(end_), reader_[end_], "an end that is not before the start");
    job.duration_seconds = end - job.submit_seconds;
    // MISC stands for several old types.
    if (pai_.gpu_types && reader_[gpu_type_] != "MISC")
      job.gpu_types = builder_.name(catalog_gpu_type_list(reader_[gpu_type_]), job.line);
    builder_.add(std::move(job));
  }

  static LeftOut why_unfinished(std::string_view status) {
    if (status == "Waiting") return LeftOut::never_started;
    return status == "Running" ? LeftOut::still_running : LeftOut::unknown_work;
  }

  void read_gpus_of(workloads::TrainingJob& job, double percent) {
    const double instances = reader_.number(instances_);
    if (instances < 1 || instances > kMostGpus || instances != std::floor(instances))
      fail_field(reader_.where(instances_), reader_[instances_], "a whole number of at least 1");
    const double per_instance = std::ceil(percent / 100);
    if (percent < 0.1 || instances * per_instance > kMostGpus)
      fail_field(reader_.where(plan_gpu_), reader_[plan_gpu_], "a percentage of GPUs");
    job.gpus = static_cast<std::int32_t>(instances * per_instance);
    if (percent / 100 == per_instance) return;
    if (job.gpus == 1) {
      job.gpu_milli = std::max(1, static_cast<std::int32_t>(std::round(percent * 10)));
    } else {
      ++rounded_;
    }
  }

  base::CsvReader& reader_;
  PaiOptions pai_;
  WorkloadBuilder builder_;
  std::uint64_t rounded_ = 0;
  std::size_t job_name_ = reader_.column("job_name");
  std::size_t task_name_ = reader_.column("task_name");
  std::size_t instances_ = reader_.column("inst_num");
  std::size_t status_ = reader_.column("status");
  std::size_t start_ = reader_.column("start_time");
  std::size_t end_ = reader_.column("end_time");
  std::size_t plan_gpu_ = reader_.column("plan_gpu");
  std::size_t gpu_type_ = reader_.column("gpu_type");
};

class Pai2020Reader : public TraceReader {
 public:
  explicit Pai2020Reader(PaiOptions pai) : pai_(pai) {}
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::CsvReader reader(options.path);
    if (reader.find_column("submit_s")) return read_condensed(reader, options);
    return TaskTable(reader, pai_, options).read();
  }

 private:
  PaiOptions pai_;
};

const FormatRegistration pai_2020_registration({
    .name = "pai-2020",
    .help = "Alibaba PAI 2020: the original pai_task_table, or GPU tasks in plain seconds",
    .origin = "alibaba/clusterdata, cluster-trace-gpu-v2020 (CC-BY-4.0). Put pai_task_table.header "
              "before the table. Tasks that did not terminate or use no GPU are excluded and "
              "counted.",
    .options = base::describe<PaiOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<Pai2020Reader>(read_options<PaiOptions>(node));
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',', {"job_name", "submit_s", "duration_s", "gpus"}) ||
                 has_columns(line, ',', {"job_name", "task_name", "inst_num", "plan_gpu"});
        },
});

}  // namespace

}  // namespace orrery::traces
