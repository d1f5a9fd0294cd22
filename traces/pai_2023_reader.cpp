// Format `pai-2023`: pods of Alibaba's GPU-sharing cluster, "openb" (Weng et al., USENIX ATC 2023).
// A pod is a job that runs from its scheduled time to its deletion; one that was never scheduled
// counts from its creation.
#include "models/base/csv.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"
#include "traces/reader_options.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

struct OpenbOptions {
  bool gpu_types = true;
};
base::Declaration<OpenbOptions> declare(const OpenbOptions*) {
  base::Declaration<OpenbOptions> d("Alibaba GPU-sharing cluster 2023.");
  d.boolean("gpu_types", &OpenbOptions::gpu_types,
            "keep the GPU types a pod asked for (column gpu_spec)");
  return d;
}

class PodList {
 public:
  PodList(const OpenbOptions& openb, const ReadOptions& options)
      : reader_(options.path), openb_(openb), builder_(options) {}

  workloads::TrainingWorkload read() {
    for_each_row(reader_, builder_, [&] { read_row(); });
    if (unscheduled_ > 0) {
      builder_.note("pods that were never scheduled, their duration counted from the creation: " +
                    std::to_string(unscheduled_));
    }
    return builder_.finish(Zero::as_written);
  }

 private:
  void read_row() {
    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(reader_.line_number());
    job.gpus = read_gpus(reader_, gpus_, 0);
    if (job.gpus == 0) return builder_.exclude(LeftOut::no_gpu);
    const auto milli = read_integer(reader_, milli_, 1, "a share of a GPU from 1 to 1000");
    if (milli > 1000 || (milli < 1000 && job.gpus != 1))
      fail_field(reader_.where(milli_), reader_[milli_], "1000, or less with one GPU");
    job.gpu_milli = static_cast<std::int32_t>(milli);
    job.submit_seconds = read_seconds(reader_, creation_);
    const bool scheduled = !reader_[scheduled_].empty();
    const double begin = scheduled ? read_seconds(reader_, scheduled_) : job.submit_seconds;
    const double end = read_seconds(reader_, deletion_);
    if (end < begin)
      fail_field(reader_.where(deletion_), reader_[deletion_], "a deletion after the begin");
    job.duration_seconds = end - begin;
    job.id = reader_[name_];
    if (openb_.gpu_types)
      job.gpu_types = builder_.name(catalog_gpu_type_list(reader_[spec_]), job.line);
    builder_.add(std::move(job));
    if (!scheduled) ++unscheduled_;
  }

  base::CsvReader reader_;
  OpenbOptions openb_;
  WorkloadBuilder builder_;
  std::uint64_t unscheduled_ = 0;
  std::size_t name_ = reader_.column("name");
  std::size_t gpus_ = reader_.column("num_gpu");
  std::size_t milli_ = reader_.column("gpu_milli");
  std::size_t spec_ = reader_.column("gpu_spec");
  std::size_t creation_ = reader_.column("creation_time");
  std::size_t deletion_ = reader_.column("deletion_time");
  std::size_t scheduled_ = reader_.column("scheduled_time");
};

class Pai2023Reader : public TraceReader {
 public:
  explicit Pai2023Reader(OpenbOptions openb) : openb_(openb) {}
  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    return PodList(openb_, options).read();
  }

 private:
  OpenbOptions openb_;
};

const FormatRegistration pai_2023_registration({
    .name = "pai-2023",
    .help = "Alibaba GPU-sharing cluster 2023: openb_pod_list_*.csv, shares of GPUs, GPU types",
    .origin = "alibaba/clusterdata, cluster-trace-gpu-v2023 (CC-BY-4.0). Read: name, GPUs, share, "
              "types and times; pods without GPUs are excluded and counted.",
    .options = base::describe<OpenbOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<Pai2023Reader>(read_options<OpenbOptions>(node));
        },
    .matches =
        [](std::string_view line) {
          return has_columns(line, ',', {"num_gpu", "gpu_milli", "creation_time", "deletion_time"});
        },
});

}  // namespace

}  // namespace orrery::traces
