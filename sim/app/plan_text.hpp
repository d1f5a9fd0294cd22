// What `orrery plan` prints.
#pragma once

#include <string>

#include "models/hardware/gpu_catalog.hpp"
#include "models/training/estimator.hpp"

namespace orrery::app {

/// A question to the estimator with its answer.
struct PlanAnswer {
  const models::ModelDescription* model = nullptr;
  double global_batch = 0;
  const models::GpuType* gpu = nullptr;
  models::Locality locality;
  models::DeviceCosts device;
  models::EstimatorOptions options;
  bool locality_assumed = false;  ///< whether nobody said how the GPUs lie
  models::CellEstimate estimate;
};

/// A table of the `most` best plans, the best one stage by stage, and what all of it rests on.
std::string plan_text(const PlanAnswer& answer, std::size_t most);

/// The same as JSON, one object.
std::string plan_json(const PlanAnswer& answer, std::size_t most);

/// Why no plan is feasible, one sentence.
std::string why_infeasible(const PlanAnswer& answer);

}  // namespace orrery::app
