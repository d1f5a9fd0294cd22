// The estimator as one of the sources of throughput.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "models/throughput/throughput_source.hpp"
#include "models/training/device_costs.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// The costs of each GPU type that the estimator may be asked about, by its name in the catalog.
using DeviceCostsByType = std::map<std::string, DeviceCosts, std::less<>>;

/// The model of a task, pruned as the task says; nothing where the zoo lacks it. Throws base::Error
/// for one that cannot be pruned.
std::optional<ModelDescription> model_of(const TrainingTask& task);

/// Answers with the best feasible plan of the estimator, its model's usual options. Infeasible for
/// models that the zoo lacks, batches that are unknown, GPU types without costs and shapes that are
/// no powers of two.
class EstimatedThroughput final : public ThroughputSource {
 public:
  explicit EstimatedThroughput(DeviceCostsByType devices) : devices_(std::move(devices)) {}
  Throughput of(const TrainingTask& task, const ThroughputType& type,
                Locality locality) const override;

 private:
  DeviceCostsByType devices_;
};

}  // namespace orrery::models
