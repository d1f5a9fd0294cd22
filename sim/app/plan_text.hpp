// What `orrery plan` prints.
#pragma once

#include <string>

#include "models/training/estimator.hpp"

namespace orrery::app {

/// A question to the estimator with its answer.
struct PlanAnswer {
  const models::ModelDescription* model = nullptr;
  double global_batch = 0;
  std::string type;  ///< of the catalog, or a device that only a profile has
  models::Locality locality;
  models::DeviceCosts device;
  models::EstimatorOptions options;
  bool locality_assumed = false;  ///< whether nobody said how the GPUs lie
  models::CellEstimate estimate;
  /// Of the best plan of the dense model, where `model` is pruned; infinity where none is feasible.
  double dense_iteration_seconds = 0;
};

/// A table of the `most` best plans, the best one stage by stage, and what all of it rests on.
std::string plan_text(const PlanAnswer& answer, std::size_t most);

/// The same as JSON, one object.
std::string plan_json(const PlanAnswer& answer, std::size_t most);

/// Why no plan is feasible, one sentence.
std::string why_infeasible(const PlanAnswer& answer);

}  // namespace orrery::app
