// Texts of Slurm's accounting beside resources: durations, states, job ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orrery::traces {

/// Seconds of `[[DAYS-]HH:]MM:SS` (a fraction of a second may follow); nullopt for anything else.
std::optional<double> parse_slurm_duration(std::string_view text);

/// What a state says of a row's run.
enum class SlurmRun {
  ended,        ///< it came to an end, or was cut off and may have gone on as another run
  withdrawn,    ///< cancelled or revoked: it may have run before
  waiting,      ///< it has not begun
  in_progress,  ///< it had begun and not ended
};
/// Reads `COMPLETED`, `CANCELLED by 1000`, `NODE_FAIL` and the like. States that Slurm may add
/// count as ended: a row with a start and an end ran.
SlurmRun parse_slurm_state(std::string_view text);

/// An id as sacct writes it: `61`, `61_7` of an array, `61+1` of a heterogeneous job, each followed
/// by `.batch`, `.0` or the like for a step.
struct SlurmJobId {
  std::string_view job;  ///< without part and step
  std::optional<std::int64_t> part;
  bool step = false;
};
SlurmJobId parse_slurm_job_id(std::string_view text);

}  // namespace orrery::traces
