// A training job as a trace describes it, and a workload of them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/ids.hpp"
#include "workloads/left_out.hpp"

namespace orrery::workloads {

struct JobTag;
/// A job's index in its workload: file order, the order that breaks every tie.
using JobId = base::Id<JobTag>;

struct NameTag;
/// An index into `TrainingWorkload::names`.
using NameId = base::Id<NameTag>;

/// What one job asks for. All times are seconds from the trace's own zero.
struct TrainingJob {
  std::string id;               ///< as written in the trace, unique
  double submit_seconds = 0;    ///< >= 0
  double duration_seconds = 0;  ///< running alone on what it asks for, >= 0
  double deadline_seconds = std::numeric_limits<double>::infinity();  ///< absolute
  std::int64_t iterations = 0;     ///< 0: the job is given as a plain duration
  std::int64_t batch_samples = 0;  ///< global batch: samples per iteration; 0 unknown
  std::int32_t gpus = 1;           ///< whole GPUs asked, >= 1
  std::int32_t gpu_milli = 1000;   ///< share of each GPU, 1..1000; below 1000 only with gpus == 1
  NameId model;                    ///< none: unknown
  NameId virtual_cluster;          ///< none: the trace has no virtual clusters
  NameId user, account;            ///< whose it is; none: the trace does not say
  NameId gpu_types;                ///< allowed GPU types joined by '|', none: any
  NameId pruning;                  ///< `tw/0.75/128`, none: the model is dense
  std::uint32_t line = 0;          ///< of the trace file, 0 for generated jobs
  /// A replica of a service that this cluster's policy places: it runs until it leaves, and is in
  /// no figure of jobs. Its duration is infinite.
  bool endless = false;

  /// Samples per second while it runs on what it asks for; 0 when given as a plain duration.
  double samples_per_second() const {
    if (iterations <= 0 || batch_samples <= 0 || duration_seconds <= 0) return 0;
    return static_cast<double>(iterations) * static_cast<double>(batch_samples) / duration_seconds;
  }
};

/// Strings that many jobs share (models, virtual clusters, type lists), stored once.
class Names {
 public:
  /// The id of `name`, new or known; an empty name is none.
  NameId intern(std::string_view name);
  /// The text of an id; empty for none.
  std::string_view text(NameId id) const;
  std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_;
  std::vector<std::uint32_t> slots_;  // open addressing, index + 1
};

/// A job that is held back: it is submitted when another has ended (finished, failed or rejected)
/// and a time has passed, though not before its own submit time. Jobs are told by their ids, which
/// stay when jobs are sorted or left out; where the other is not in the workload, nothing holds.
struct Succession {
  NameId job;
  NameId after;              ///< a job of an earlier row, so that no circle can be
  double think_seconds = 0;  ///< from the end of the other, >= 0
};

/// A workload in file order. Arrival order is (submit_seconds, file order).
struct TrainingWorkload {
  std::vector<TrainingJob> jobs;
  Names names;
  std::string source;  ///< file or generator, for reports
  /// Second 0 in seconds since the beginning of 1970, by the clock of the trace's place; none: the
  /// trace has no calendar.
  std::optional<double> calendar_zero_seconds = {};
  std::vector<std::string> notes;  ///< what a reader of results must know (clamped durations, ...)
  std::vector<Succession> successions;
  std::uint64_t skipped_rows = 0;  ///< bad rows left out under `on_bad_row: skip`
  LeftOutCounts left_out;          ///< well-formed rows that are not GPU training jobs
};

/// Throws base::Error when a job breaks one of the invariants written above, or two share an id.
void check(const TrainingWorkload& workload);

}  // namespace orrery::workloads
