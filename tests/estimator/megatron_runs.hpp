// Published Megatron runs as points of a fit.
#pragma once

#include <deque>
#include <vector>

#include "models/training/calibration.hpp"
#include "traces/plan_measurements.hpp"

namespace orrery::estimator_report {

/// Points with the models that they point to.
struct MegatronRuns {
  std::deque<models::ModelDescription> models;  // stay where they are
  std::vector<models::CalibrationPoint> points;
};

/// Stages of as many layers each, embedding and head in the first and the last; nodes of 8.
models::ParallelPlan megatron_plan(const traces::PlanMeasurement& run);
MegatronRuns megatron_runs(const std::vector<traces::PlanMeasurement>& runs);

}  // namespace orrery::estimator_report
