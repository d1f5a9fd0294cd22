// The Crius (Arena) artifact's estimated breakdowns: what part of an iteration is communication.
#pragma once

#include <string>

#include "models/network/communication.hpp"

namespace orrery::traces {

/// Reads `estimated_breakdown.csv`: columns model, params, global_batch, gpu_type, nodes,
/// gpus_per_node, pp, dp, tp, comp_s, intra_stage_comm_s, inter_stage_comm_s, iter_time_est_s
/// (others are ignored). Estimates of the artifact, not measurements; plans of `inf` seconds do not
/// fit and are left out. Throws base::Error for rows that are not estimates.
models::CommunicationTable read_arena_communication(const std::string& path);

}  // namespace orrery::traces
