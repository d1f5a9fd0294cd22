// Format `sacct`: Slurm's own accounting, so that people can replay their cluster:
//   sacct --allusers --parsable2 --starttime=2024-01-01
//       --format=JobID,Partition,Account,State,Submit,Start,End,Elapsed,AllocTRES,ReqTRES
// Columns are found by their names in the header. Steps (123.batch), jobs without GPUs and jobs
// that did not run to an end are left out and counted by the reason.
#include <memory>

#include "traces/reader_options.hpp"
#include "traces/sacct_jobs.hpp"
#include "traces/sacct_rows.hpp"
#include "traces/sacct_shape.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

base::Declaration<SacctOptions> declare(const SacctOptions*) {
  base::Declaration<SacctOptions> d("Slurm accounting.");
  d.choice("virtual_cluster", &SacctOptions::virtual_cluster,
           {{"partition", SacctColumn::partition},
            {"account", SacctColumn::account},
            {"cluster", SacctColumn::cluster},
            {"none", SacctColumn::none}},
           "the column that names a job's virtual cluster, where the file has it");
  d.boolean("gpu_types", &SacctOptions::gpu_types,
            "keep the types of typed GPUs (gres/gpu:a100=4) as the only ones the job may run on; "
            "'gpu_names' says what they are called here");
  d.boolean("eligible", &SacctOptions::eligible,
            "a job counts as submitted when it became eligible (column Eligible): its dependencies "
            "and begin time were met, no limit held it");
  d.integer("shards_per_gpu", &SacctOptions::shards_per_gpu,
            "how many gres/shard are one GPU (gres.conf); 0: not known, such jobs are left out")
      .at_least(0)
      .at_most(1000);
  d.integer("mps_per_gpu", &SacctOptions::mps_per_gpu,
            "how many gres/mps are one GPU (gres.conf); 0: not known, such jobs are left out")
      .at_least(0)
      .at_most(1'000'000);
  return d;
}

namespace {

void note_columns(const SacctRows& rows, const SacctOptions& options, WorkloadBuilder& builder) {
  const SacctCounts& counts = rows.counts();
  if (counts.naive_times > 0)
    builder.note(
        "times are naive local ones; daylight saving steps are not corrected (with "
        "SLURM_TIME_FORMAT=%s sacct writes seconds since 1970, which need no correction)");
  if (options.virtual_cluster == SacctColumn::cluster && !rows.has_virtual_cluster())
    builder.note("the file has no column Cluster: jobs belong to no virtual cluster");
  if (options.virtual_cluster == SacctColumn::account && !rows.has_virtual_cluster())
    builder.note("the file has no column Account: jobs belong to no virtual cluster");
  if (options.eligible && !rows.has_eligible())
    builder.note("the file has no column Eligible: jobs count as submitted at Submit");
  if (!counts.throttled_arrays.empty())
    builder.note("arrays with a limit of tasks at a time (12_[1-9%2]), which is not modelled: " +
                 std::to_string(counts.throttled_arrays.size()));
}

class SacctReader : public TraceReader {
 public:
  explicit SacctReader(SacctOptions sacct) : sacct_(sacct) {}

  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    SacctRows rows(options.path, sacct_);
    WorkloadBuilder builder(options);
    builder.use_common_gpu_names();
    SacctJobs jobs(builder, sacct_);
    for_each_row(rows.table(), builder, [&] {
      if (const auto row = rows.read()) jobs.add(*row, rows.table().where());
    });
    jobs.finish();
    note_columns(rows, sacct_, builder);
    return builder.finish(Zero::earliest_date);
  }

 private:
  SacctOptions sacct_;
};

const FormatRegistration sacct_registration({
    .name = "sacct",
    .help = "Slurm's accounting: sacct --parsable2 with a header",
    .origin = sacct_command() +
              ". Also read: Cluster, Eligible, AllocGRES, ReqGRES, ElapsedRaw, NNodes, "
              "Reason. Parts of a heterogeneous job are one job, runs of a requeued one follow "
              "each other. Steps, jobs without GPUs and jobs that never started or have not ended "
              "are left out and counted.",
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
