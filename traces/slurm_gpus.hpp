// GPUs and parts of GPUs in Slurm's lists of resources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::traces {

/// How many parts of a GPU are one GPU: gres.conf says it, accounting does not.
struct SlurmShares {
  std::int32_t shards_per_gpu = 0;  ///< 0: not known
  std::int32_t mps_per_gpu = 100;   ///< Slurm's own convention: percent
};

/// GPUs in a list of resources.
struct SlurmGpus {
  std::int64_t count = 0;      ///< whole GPUs, or the one that a part is of; 0: no GPUs
  std::int32_t milli = 1000;   ///< the part of that one GPU, 1 to 1000
  bool unknown_share = false;  ///< it holds parts, and how large they are is not known
  std::string types;           ///< lower case, joined by '|'; empty: untyped

  bool any() const { return count > 0 || unknown_share; }
};

/// Reads `cpu=4,gres/gpu=2,gres/gpu:a100=2,...` (AllocTRES, ReqTRES) and `gpu:a100:2(IDX:0-1),...`
/// (AllocGRES, ReqGRES). Typed entries name what the untyped total counts already. A MIG slice
/// (`gres/gpu:a100_1g.5gb=1`), `gres/shard` and `gres/mps` are parts of a GPU: a slice `kg` is k
/// sevenths (quarters on an A30), several parts that need not lie on one GPU are of unknown size.
/// `nodes`, or an entry `node=2`, multiplies entries that are marked as those of one node
/// (`PER_NODE:gpu:2`); parts on several nodes are of unknown size. nullopt where an entry has no
/// valid count.
std::optional<SlurmGpus> parse_slurm_gpus(std::string_view list, const SlurmShares& shares = {},
                                          std::int64_t nodes = 1);

}  // namespace orrery::traces
