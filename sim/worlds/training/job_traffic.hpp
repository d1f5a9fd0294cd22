// What a job sends over the links of a fabric from where its GPUs lie.
#pragma once

#include <span>

#include "models/network/communication.hpp"
#include "models/network/traffic.hpp"
#include "sim/platform/fabric.hpp"
#include "sim/platform/placement_state.hpp"

namespace orrery::training {

/// The traffic of a job whose iteration takes `iteration_seconds` with the fabric to itself, of
/// which `share` says how much is communication; what stays inside nodes counts as computing.
/// Collectives within stages are those that leave a node: the tensor-parallel rings where they do,
/// else the data-parallel ones (ours: a breakdown gives both together, and the former outweigh the
/// latter by far where they cross nodes). `capacity` of the fabric's links by index.
/// Throws base::Error (run_failed) for GPUs that the fabric does not connect.
models::JobTraffic traffic_of(const models::CommunicationShare& share,
                              const platform::Placement& placement, const platform::Fabric& fabric,
                              std::span<const double> capacity, double iteration_seconds);

}  // namespace orrery::training
