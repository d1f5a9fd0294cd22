#include "models/network/communication.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace orrery::models {

void CommunicationTable::add(const TrainingTask& task, const std::string& gpu_type,
                             Locality locality, const CommunicationShare& share,
                             double estimated_seconds, const base::Where& where) {
  const double sum = share.within_stages + share.between_stages;
  if (!(share.within_stages >= 0) || !(share.between_stages >= 0) || !(sum <= 1))
    throw base::Error(where, fmt::format("expected communication of 0 to 100 % of the iteration, "
                                         "found {:.3g} % within and {:.3g} % between stages",
                                         100 * share.within_stages, 100 * share.between_stages));
  if (share.plan.gpus() != locality.gpus())
    throw base::Error(where, fmt::format("the plan has {} GPUs, the row {} x {}", share.plan.gpus(),
                                         locality.nodes, locality.gpus_per_node));
  const auto [found, fresh] =
      shares_.try_emplace(Key{task.model, task.batch_samples, gpu_type, locality.gpus(), locality},
                          Best{share, estimated_seconds});
  if (fresh) {
    const ModelName name = parse_model_name(task.model);
    auto& sizes = families_[name.family];
    const std::pair size{name.parameters, task.model};
    if (const auto at = std::lower_bound(sizes.begin(), sizes.end(), size);
        at == sizes.end() || *at != size)
      sizes.insert(at, size);
  } else if (estimated_seconds < found->second.seconds) {
    found->second = {share, estimated_seconds};
  }
}

std::optional<CommunicationShare> CommunicationTable::of_model(const std::string& model,
                                                               std::int64_t batch,
                                                               std::string_view gpu_type,
                                                               Locality locality) const {
  const std::string type(gpu_type);
  const std::int32_t gpus = locality.gpus();
  if (const auto exact = shares_.find(Key{model, batch, type, gpus, locality});
      exact != shares_.end())
    return exact->second.share;
  const auto near = shares_.lower_bound(Key{model, batch, type, gpus, Locality{0, 0}});
  if (near == shares_.end()) return std::nullopt;
  const auto& [near_model, near_batch, near_type, near_gpus, unused] = near->first;
  if (near_model != model || near_batch != batch || near_type != type || near_gpus != gpus)
    return std::nullopt;
  return near->second.share;
}

std::optional<CommunicationShare> CommunicationTable::find(const TrainingTask& task,
                                                           std::string_view gpu_type,
                                                           Locality locality) const {
  if (const auto own = of_model(task.model, task.batch_samples, gpu_type, locality)) return own;
  const ModelName name = parse_model_name(task.model);
  const auto family = families_.find(name.family);
  if (family == families_.end()) return std::nullopt;
  for (const auto& [parameters, model] : family->second) {
    if (parameters <= name.parameters) continue;
    if (const auto larger = of_model(model, task.batch_samples, gpu_type, locality)) return larger;
  }
  return std::nullopt;
}

CommunicationShare data_parallel_share(std::int32_t gpus, double part) {
  return {{gpus, 1, 1}, part, 0};
}

}  // namespace orrery::models
