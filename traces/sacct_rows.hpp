// Rows of `sacct --parsable2` as values: which columns a file has, and what one row says.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/csv.hpp"
#include "models/base/declaration_fwd.hpp"
#include "traces/slurm_fields.hpp"
#include "traces/slurm_gpus.hpp"
#include "workloads/left_out.hpp"

namespace orrery::traces {

/// Starts and lengths are whole seconds.
inline constexpr double kSacctRoundingSeconds = 1;

enum class SacctColumn { partition, account, cluster, none };

struct SacctOptions {
  SacctColumn virtual_cluster = SacctColumn::partition;
  bool gpu_types = true;
  bool eligible = false;
  std::int32_t shards_per_gpu = SlurmShares{}.shards_per_gpu;
  std::int32_t mps_per_gpu = SlurmShares{}.mps_per_gpu;

  SlurmShares shares() const { return {shards_per_gpu, mps_per_gpu}; }
};
base::Declaration<SacctOptions> declare(const SacctOptions*);

/// One run of a job, or of one part of a heterogeneous job.
struct SacctRow {
  SlurmJobId id;
  std::string_view cluster;   ///< empty: the file has no such column
  double submit_seconds = 0;  ///< or since it was eligible
  std::optional<double> start_seconds;
  double duration_seconds = 0;
  SlurmGpus gpus;  ///< none for a part of a heterogeneous job that has only processors
  std::string_view virtual_cluster, user, account;
  std::string_view waited_for;       ///< column Reason where that is not modelled
  bool eligible_later = false;       ///< than it was submitted, and not taken so
  bool contradictory_times = false;  ///< its times cannot all be true
  bool began = false;                ///< the times and what it held are known
  /// Why it is not a run of a GPU job that ended; the times and the size are then what is known.
  std::optional<workloads::LeftOut> left_out;
  double gpu_hours = 0;  ///< of a run that is left out
};

/// What a file says beside its jobs.
struct SacctCounts {
  std::uint64_t naive_times = 0;           ///< without a zone
  std::set<std::string> throttled_arrays;  ///< arrays with a limit, `12_[1-9%2]`
};

class SacctRows {
 public:
  /// Reads the header. Throws Error where a column that is needed is missing, or where the file is
  /// something else than what `sacct --parsable2` writes, naming what it looks like.
  SacctRows(const std::string& path, const SacctOptions& options);

  base::CsvReader& table() { return table_; }
  /// What the row in hand says; nullopt for the header once more, as where exports were joined.
  /// Throws Error for a bad row.
  std::optional<SacctRow> read();
  const SacctCounts& counts() const { return counts_; }
  bool has_eligible() const { return eligible_.has_value(); }
  bool has_virtual_cluster() const { return virtual_cluster_.has_value(); }

 private:
  std::string_view text(std::optional<std::size_t> column) const;
  bool is_unknown(std::optional<std::size_t> column) const;
  double read_time(std::size_t column);
  double read_submit(SacctRow& row);
  std::optional<double> read_elapsed();
  SlurmGpus read_gpus() const;
  bool never_allocated() const;
  bool says_nothing_of_resources() const;
  bool is_header() const;
  std::optional<workloads::LeftOut> why_left_out(SacctRow& row);
  void read_waits(SacctRow& row);
  bool has_contradictory_times(const SacctRow& row);

  SacctOptions options_;
  base::CsvReader table_;
  SacctCounts counts_;
  std::optional<bool> absolute_times_;
  std::size_t other_header_ = 0;  ///< the line of a header of other columns; 0: there is none
  std::size_t id_, submit_;
  std::optional<std::size_t> cluster_, state_, start_, end_, elapsed_, elapsed_raw_, eligible_,
      nodes_, reason_, virtual_cluster_, user_, account_;
  std::vector<std::size_t> allocated_;  ///< of AllocTRES and AllocGRES those that are there
  std::vector<std::size_t> requested_;  ///< of ReqTRES and ReqGRES
};

}  // namespace orrery::traces
