// `platform:` of an experiment: what its worlds share.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/network/contention.hpp"
#include "sim/platform/fabric.hpp"
#include "sim/platform/failures.hpp"
#include "sim/platform/node.hpp"

namespace orrery::platform {

/// isolated: whoever sends has the fabric to itself; shared: all that send contend for it.
enum class Network : std::uint8_t { isolated, shared };

struct PlatformConfig {
  Network network = Network::isolated;
  models::Contention contention = models::Contention::duty;
  std::vector<NodeGroup> nodes;
  FabricConfig fabric;
  std::optional<FailureConfig> failures;
  base::Where nodes_where;     ///< of `nodes`, for errors
  base::Where failures_where;  ///< of `failures`
};
base::Declaration<PlatformConfig> declare(const PlatformConfig*);

/// Reads the mapping. Throws base::Error, also for a failure trace that cannot be read.
PlatformConfig read_platform_config(const base::Node& node);

}  // namespace orrery::platform
