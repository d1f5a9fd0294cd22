#include "sim/worlds/training/policies/crius/estimates.hpp"

#include <algorithm>
#include <limits>

namespace orrery::policies::crius {

namespace {

constexpr double kUnknown = -1;

/// log2 of a power of two; `limit` for other numbers and for larger ones.
std::size_t exponent(std::int32_t value, std::size_t limit) {
  const auto bits = static_cast<std::uint32_t>(value);
  if (!std::has_single_bit(bits)) return limit;
  return std::min(limit, static_cast<std::size_t>(std::countr_zero(bits)));
}

}  // namespace

void Estimates::begin(const View& view, bool deadline_aware) {
  view_ = &view;
  deadline_aware_ = deadline_aware;
  if (!capacity_.empty()) return;
  const std::size_t types = view.free->types();
  // A virtual cluster may have no node of a type; nothing is ever free there.
  for (std::size_t t = 0; t < types; ++t)
    capacity_.push_back(view.throughput != nullptr
                            ? view.throughput->node_capacity(t)
                            : std::max(1, view.free->largest_node(TypeId(t))));
  std::size_t tasks = 0;
  for (const models::TaskId task : view.task_of)
    if (!task.is_none()) tasks = std::max(tasks, task.index() + 1);
  known_.assign(tasks * types * kExponents * kExponents, kUnknown);
  bound_.assign(tasks * types * kExponents, kUnknown);
}

double Estimates::remembered(JobId job, std::size_t type, Locality locality) const {
  const models::TaskId task = view_->task(job);
  const std::size_t nodes = exponent(locality.nodes, kExponents);
  const std::size_t per_node = exponent(locality.gpus_per_node, kExponents);
  if (nodes == kExponents || per_node == kExponents)
    return view_->throughput->of(task, type, locality).samples_per_second;
  const std::size_t row = task.index() * capacity_.size() + type;
  double& value = known_[(row * kExponents + nodes) * kExponents + per_node];
  if (value < 0) value = view_->throughput->of(task, type, locality).samples_per_second;
  return value;
}

double Estimates::of(JobId job, std::size_t type, Locality locality) const {
  const double value = view_->task(job).is_none() ? static_cast<double>(locality.gpus())
                                                  : remembered(job, type, locality);
  if (deadline_aware_ && value > 0 && !meets_deadline(job, type, locality)) return 0;
  return value;
}

double Estimates::at_most(JobId job, Request request) const {
  const std::size_t power = exponent(request.gpus, kExponents);
  if (view_->task(job).is_none() || power == kExponents)
    return std::numeric_limits<double>::infinity();
  const std::size_t row = view_->task(job).index() * capacity_.size() + request.type;
  double& value = bound_[row * kExponents + power];
  if (value < 0) {
    Locality locality = best_locality(request);
    value = remembered(job, request.type, locality);
    while (value > 0 && locality.gpus_per_node % 2 == 0) {
      locality = {locality.nodes * 2, locality.gpus_per_node / 2};
      value = std::max(value, remembered(job, request.type, locality));
    }
  }
  return value;
}

bool Estimates::allowed(JobId job, std::size_t type) const {
  if (view_->types_are_preferences && !view_->task(job).is_none()) return true;
  const auto& types = view_->demand(job).types;
  return std::find(types.begin(), types.end(), TypeId(type)) != types.end();
}

bool Estimates::meets_deadline(JobId job, std::size_t type, Locality locality) const {
  const double deadline = view_->jobs[job.index()].deadline_seconds;
  if (deadline == std::numeric_limits<double>::infinity()) return true;
  // A plain duration keeps what it asks for.
  const double work_seconds =
      view_->task(job).is_none()
          ? view_->remaining_seconds(job)
          : view_->remaining_iterations(job) *
                view_->throughput->of(view_->task(job), type, locality).iteration_seconds;
  const double restart = view_->restart == nullptr ? 0 : view_->restart->seconds(locality.gpus());
  return view_->now_seconds + restart + view_->round_seconds + work_seconds <= deadline;
}

}  // namespace orrery::policies::crius
