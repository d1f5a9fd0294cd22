#include "models/training/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::models {

std::string_view to_string(Recompute recompute) {
  switch (recompute) {
    case Recompute::none:
      return "none";
    case Recompute::selective:
      return "selective";
    case Recompute::full:
      return "full";
  }
  return "none";
}

std::string_view to_string(PipelineSchedule schedule) {
  return schedule == PipelineSchedule::gpipe ? "gpipe" : "1f1b";
}

int ParallelPlan::gpus() const {
  int sum = 0;
  for (const StagePlan& stage : stages) sum += stage.gpus();
  return sum;
}

std::string to_string(const ParallelPlan& plan) {
  const auto same = [&](const StagePlan& stage) {
    return stage.dp == plan.stages.front().dp && stage.tp == plan.stages.front().tp;
  };
  std::string text = fmt::format("pp{}", plan.stages.size());
  if (plan.stages.empty()) return text;
  if (std::all_of(plan.stages.begin(), plan.stages.end(), same))
    return text + fmt::format(" dp{} tp{}", plan.stages.front().dp, plan.stages.front().tp);
  text += " [";
  for (const StagePlan& stage : plan.stages)
    text +=
        fmt::format("{}dp{} tp{}", &stage == plan.stages.data() ? "" : " | ", stage.dp, stage.tp);
  return text + "]";
}

}  // namespace orrery::models
