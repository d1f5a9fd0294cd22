// The texts of Slurm's accounting: durations and lists of trackable resources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::traces {

/// Seconds of `[DAYS-]HH:MM:SS` (a fraction of a second may follow); nullopt for anything else.
std::optional<double> parse_slurm_duration(std::string_view text);

/// GPUs in a list of resources.
struct SlurmGpus {
  std::int64_t count = 0;  ///< 0: the list has no GPUs
  std::string types;       ///< lower case, joined by '|'; empty: untyped
};

/// Reads `cpu=4,gres/gpu=2,gres/gpu:a100=2,...` (AllocTRES, ReqTRES) and `gpu:a100:2(IDX:0-1),...`
/// (AllocGRES, ReqGRES). Typed entries name what the untyped total counts already. nullopt where
/// a GPU entry has no valid count.
std::optional<SlurmGpus> parse_slurm_gpus(std::string_view list);

}  // namespace orrery::traces
