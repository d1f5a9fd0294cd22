// The answer of `orrery plan` as JSON. Seconds and bytes; shares are left to the reader.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/app/plan_text.hpp"

namespace orrery::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kPlanSchemaVersion = 1;

Json stage_json(const models::StagePlan& stage, const models::StageMemory& memory) {
  return {{"first_layer", stage.first_layer},
          {"layers", stage.layers},
          {"dp", stage.dp},
          {"tp", stage.tp},
          {"weights_bytes", memory.weights_bytes},
          {"gradients_bytes", memory.gradients_bytes},
          {"optimizer_bytes", memory.optimizer_bytes},
          {"activations_bytes", memory.activations_bytes},
          {"temporary_bytes", memory.temporary_bytes}};
}

Json estimate_json(const models::PlanEstimate& e, double global_batch) {
  const models::TimeBreakdown& t = e.time;
  Json out = {{"iteration_seconds", t.total_seconds},
              {"samples_per_second", global_batch / t.total_seconds},
              {"compute_seconds", t.compute_seconds},
              {"intra_stage_seconds", t.intra_stage_seconds},
              {"inter_stage_seconds", t.inter_stage_seconds},
              {"sync_seconds", t.sync_seconds},
              {"bubble_seconds", t.bubble_seconds},
              {"overhead_seconds", t.overhead_seconds},
              {"peak_memory_bytes", e.peak_memory_bytes},
              {"imbalance", e.imbalance},
              {"end_to_end_bytes", e.end_to_end_bytes},
              {"proxy", e.proxy}};
  Json& stages = out["stages"] = Json::array();
  for (std::size_t i = 0; i < e.plan.stages.size(); ++i)
    stages.push_back(stage_json(e.plan.stages[i], e.memory[i]));
  return out;
}

Json error_json(const std::optional<models::ErrorSpread>& error) {
  if (!error) return nullptr;
  return {{"median", error->median}, {"p90", error->p90}};
}

Json profile_use_json(const std::optional<models::ProfileUse>& use) {
  if (!use) return nullptr;
  return {{"file", use->file},
          {"sha256", use->sha256},
          {"measured_by", use->measured_by == models::MeasuredBy::us ? "us" : "others"},
          {"calibrated", use->parts},
          {"data_sheets", use->data_sheets},
          {"held_out_error", error_json(use->held_out)},
          {"reduction_error", error_json(use->reduction)}};
}

/// What pruning changed; null of a dense model.
Json pruning_json(const PlanAnswer& answer) {
  if (!answer.model->pruning) return nullptr;
  const models::ProductPrices* products = answer.device.products.get();
  const bool feasible = std::isfinite(answer.dense_iteration_seconds);
  return {
      {"pruning", to_text(*answer.model->pruning)},
      {"dense_iteration_seconds", feasible ? Json(answer.dense_iteration_seconds) : Json(nullptr)},
      {"products_calibrated", products != nullptr && products->measured()},
      {"pruned_products_measured",
       answer.device.profile && answer.device.profile->pruned_measured}};
}

}  // namespace

std::string plan_json(const PlanAnswer& answer, std::size_t most) {
  const models::CellEstimate& found = answer.estimate;
  const models::ParallelPlan& plan = found.plans.front().plan;
  Json out = {{"schema_version", kPlanSchemaVersion},
              {"model", answer.model->name},
              {"model_source", answer.model->source},
              {"model_provenance", to_string(answer.model->provenance)},
              {"global_batch", answer.global_batch},
              {"gpu_type", answer.type},
              {"nodes", answer.locality.nodes},
              {"gpus_per_node", answer.locality.gpus_per_node},
              {"micro_batches", plan.micro_batches},
              {"recompute", to_string(plan.recompute)},
              {"zero1", plan.zero1},
              {"schedule", to_string(plan.schedule)},
              {"calibrated", answer.device.calibrated},
              {"rests_on", answer.device.source},
              {"profile", profile_use_json(answer.device.profile)},
              {"pruned", pruning_json(answer)},
              {"in_node_bytes_per_second", answer.device.in_node.bytes_per_second},
              {"across_nodes_bytes_per_second", answer.device.across_nodes.bytes_per_second},
              {"measured_collectives", answer.device.measured != nullptr},
              {"feasible_plans", found.feasible_plans},
              {"out_of_memory_plans", found.infeasible.out_of_memory},
              {"batch_too_small_shapes", found.infeasible.batch_too_small}};
  Json& plans = out["plans"] = Json::array();
  for (std::size_t i = 0; i < std::min(most, found.plans.size()); ++i)
    plans.push_back(estimate_json(found.plans[i], answer.global_batch));
  return out.dump(2) + "\n";
}

}  // namespace orrery::app
