// Format `swf`: the Standard Workload Format of the Parallel Workloads Archive (Feitelson):
// comments begin with ';', a job is a line of 18 numbers, -1 is unknown. Processors are read as
// GPUs.
#include <algorithm>
#include <array>
#include <optional>

#include "models/base/text_file.hpp"
#include "traces/fields.hpp"
#include "traces/reader_options.hpp"
#include "traces/split_line.hpp"
#include "traces/trace_reader.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

namespace {

constexpr std::array<std::string_view, 18> kColumns = {"job number",
                                                       "submit time",
                                                       "wait time",
                                                       "run time",
                                                       "allocated processors",
                                                       "cpu time",
                                                       "used memory",
                                                       "requested processors",
                                                       "requested time",
                                                       "requested memory",
                                                       "status",
                                                       "user",
                                                       "group",
                                                       "application",
                                                       "queue",
                                                       "partition",
                                                       "preceding job",
                                                       "think time"};
enum Column : std::size_t {
  kJob = 0,
  kSubmit = 1,
  kRunTime = 3,
  kAllocated = 4,
  kRequested = 7,
  kStatus = 10,
  kUser = 11,
  kGroup = 12,
  kQueue = 14,
  kPartition = 15,
  kPreceding = 16,
  kThink = 17,
};

/// What field 11 says, where it says more than that a job ended.
enum Status : std::int64_t {
  kPartGoesOn = 2,
  kLastPartDone = 3,
  kLastPartFailed = 4,
  kCancelled = 5
};

enum class SwfColumn { none, queue, partition, group };

struct SwfOptions {
  std::int32_t processors_per_gpu = 1;
  SwfColumn virtual_cluster = SwfColumn::none;
};
base::Declaration<SwfOptions> declare(const SwfOptions*) {
  base::Declaration<SwfOptions> d("Standard Workload Format.");
  d.integer("processors_per_gpu", &SwfOptions::processors_per_gpu,
            "so many processors are one GPU; a remainder counts as one more")
      .at_least(1);
  d.choice("virtual_cluster", &SwfOptions::virtual_cluster,
           {{"none", SwfColumn::none},
            {"queue", SwfColumn::queue},
            {"partition", SwfColumn::partition},
            {"group", SwfColumn::group}},
           "the field that names a job's virtual cluster");
  return d;
}

class SwfReader : public TraceReader {
 public:
  explicit SwfReader(SwfOptions swf) : swf_(swf) {}

  workloads::TrainingWorkload read(const ReadOptions& options) const override {
    base::LineReader lines(options.path);
    SplitLine fields(options.path, kColumns);
    WorkloadBuilder builder(options);
    for_each_line(lines, builder, [&](std::string_view line) {
      const std::size_t begin = line.find_first_not_of(" \t");
      if (begin == std::string_view::npos || line[begin] == ';') return;
      fields.split_blanks(line, lines.line_number());
      read_job(fields, builder);
    });
    return builder.finish(Zero::as_written);
  }

 private:
  void read_job(const SplitLine& fields, WorkloadBuilder& builder) const {
    constexpr std::string_view kNumber = "a whole number of at least 0, or -1 for unknown";
    const auto status = read_integer(fields, kStatus, -1, kNumber);
    const auto run_time = base::parse_double(fields[kRunTime]);
    if (!run_time || !(*run_time >= 0 || *run_time == -1) || *run_time > kLatestSecond)
      fail_field(fields.where(kRunTime), fields[kRunTime], "seconds, or -1 for unknown");
    auto processors = read_integer(fields, kAllocated, -1, kNumber);
    if (processors <= 0) processors = read_integer(fields, kRequested, -1, kNumber);
    // Parts of a job whose whole has a line of its own.
    if (status >= kPartGoesOn && status <= kLastPartFailed) return builder.exclude(LeftOut::step);
    if (status == kCancelled && *run_time <= 0) return builder.exclude(LeftOut::never_started);
    if (*run_time < 0 || processors <= 0) return builder.exclude(LeftOut::unknown_work);

    workloads::TrainingJob job;
    job.line = static_cast<std::uint32_t>(fields.line_number());
    job.id = fields[kJob];
    job.submit_seconds = read_seconds(fields, kSubmit);
    job.duration_seconds = *run_time + 0.0;
    const std::int64_t per_gpu = swf_.processors_per_gpu;
    const std::int64_t gpus = (processors - 1) / per_gpu + 1;
    if (gpus > kMostGpus)
      fail_field(fields.where(kAllocated), fields[kAllocated], "fewer processors");
    job.gpus = static_cast<std::int32_t>(gpus);
    if (const auto column = cluster_column(); column && fields[*column] != "-1")
      job.virtual_cluster = builder.name(fields[*column], job.line);
    if (fields[kUser] != "-1") job.user = builder.name(fields[kUser], job.line);
    if (fields[kGroup] != "-1") job.account = builder.name(fields[kGroup], job.line);
    const std::optional<double> think = think_after_preceding(fields);
    builder.add(std::move(job));
    if (think) builder.hold_back(fields[kJob], fields[kPreceding], *think);
  }

  /// Fields 17 and 18: so many seconds after the end of another job this one is submitted; nullopt
  /// where it waits for none.
  static std::optional<double> think_after_preceding(const SplitLine& fields) {
    if (read_integer(fields, kPreceding, -1, "the number of a job, or -1 for none") <= 0)
      return std::nullopt;
    const auto think = base::parse_double(fields[kThink]);
    if (!think || !(*think >= 0 || *think == -1) || *think > kLatestSecond)
      fail_field(fields.where(kThink), fields[kThink], "seconds, or -1 for unknown");
    return std::max(0.0, *think);
  }

  std::optional<std::size_t> cluster_column() const {
    switch (swf_.virtual_cluster) {
      case SwfColumn::queue:
        return kQueue;
      case SwfColumn::partition:
        return kPartition;
      case SwfColumn::group:
        return kGroup;
      case SwfColumn::none:
        break;
    }
    return std::nullopt;
  }

  SwfOptions swf_;
};

bool looks_like_swf(std::string_view line) {
  if (line.starts_with(';')) return true;
  std::size_t numbers = 0;
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t stop = std::min(line.find_first_of(" \t"), line.size());
    if (!base::parse_double(line.substr(0, stop))) return false;
    ++numbers;
    line.remove_prefix(stop);
  }
  return numbers == kColumns.size();
}

const FormatRegistration swf_registration({
    .name = "swf",
    .help = "Standard Workload Format of the Parallel Workloads Archive, processors as GPUs",
    .origin = "The Parallel Workloads Archive and its tools. Read: job number, submit time, run "
              "time, allocated (else requested) processors, status, queue, partition, group, "
              "preceding job and think time; jobs of unknown run time or size, those cancelled "
              "before they ran and partial executions are left out and counted.",
    .options = base::describe<SwfOptions>(),
    .make =
        [](const base::Node& node) {
          return std::make_unique<SwfReader>(read_options<SwfOptions>(node));
        },
    .matches = looks_like_swf,
});

}  // namespace

}  // namespace orrery::traces
