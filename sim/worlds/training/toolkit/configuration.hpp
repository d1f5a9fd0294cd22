// GPUs of one type, as a policy that adapts chooses them for a job, and how fast it believes the
// job to be on them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// A GPU type and how many GPUs of it; 0 GPUs: the job does not run.
struct Configuration {
  platform::TypeId type;
  std::int32_t gpus = 0;
  bool operator==(const Configuration&) const = default;
};

struct RatedConfiguration {
  Configuration at;
  double samples_per_second = 0;  ///< believed, at the best locality; above 0
};

/// What a running job holds; nothing for others.
Configuration held(const View& view, JobId job);

/// A job given as a plain duration runs on just the GPUs it asks for (ours: nothing is known of its
/// speed elsewhere); others may be resized.
bool is_rigid(const View& view, JobId job);

/// Samples per second of a job on a configuration at its best locality; 0 where it cannot run. For
/// a rigid job: the GPUs it asks for, where it asks for them.
double believed_throughput(const View& view, JobId job, Configuration at);

/// Whether the nodes that are up have a shape for a job on a configuration, all their GPUs free:
/// its best locality, or one on more nodes on which it can run. A rigid job may lie in any parts.
bool has_shape(const View& view, JobId job, Configuration at);

/// The types that a job may use: all where what it asks for is a preference and its throughput is
/// known, else those it asks for.
std::vector<platform::TypeId> usable_types(const View& view, JobId job);

/// All of `counts` on all usable types on which the job can run and for which the cluster has a
/// shape, by type and then count; for a rigid job what it asks for.
std::vector<RatedConfiguration> configurations(const View& view, JobId job,
                                               std::span<const std::int32_t> counts);

/// 1, 2, 4, ... up to `largest`.
std::vector<std::int32_t> powers_of_two(std::int32_t largest);

}  // namespace orrery::training
