// The estimator as the source of what part of an iteration is communication.
#pragma once

#include <optional>

#include "models/network/communication.hpp"
#include "models/training/estimated_throughput.hpp"

namespace orrery::models {

/// The share of the estimator's best plan; the shape is that of its first stage, as far as the GPUs
/// are divided evenly (ours). Nothing where the estimator knows no feasible plan.
std::optional<CommunicationShare> estimated_communication(const DeviceCostsByType& devices,
                                                          const TrainingTask& task,
                                                          std::string_view gpu_type,
                                                          Locality locality);

}  // namespace orrery::models
