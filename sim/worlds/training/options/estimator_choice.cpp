#include "sim/worlds/training/options/estimator_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "models/base/document_files.hpp"
#include "models/training/device_costs_file.hpp"
#include "models/training/estimated_communication.hpp"
#include "models/training/estimated_throughput.hpp"
#include "traces/collective_measurements.hpp"

namespace orrery::training {

namespace {

using base::Node;

/// The slowest network card of the nodes of a type.
double nic_of(const std::string& type, const EstimatorChoice& choice,
              const platform::Inventory& inventory) {
  double least = std::numeric_limits<double>::infinity();
  for (const platform::NodeGroup& group : inventory.groups)
    if (group.gpu == type)
      least = std::min(least, group.nic_bytes_per_second.value_or(choice.nic_bytes_per_second));
  return least;
}

const models::ProfileFile* profile_of(const EstimatorChoice& choice, const std::string& type) {
  for (const ProfileChoice& profile : choice.profiles)
    if (models::same_device(profile.file.profile.device, type)) return &profile.file;
  return nullptr;
}

/// A profile that no node uses is a mistake of the experiment.
void check_profiles(const EstimatorChoice& choice, const platform::Inventory& inventory) {
  for (const ProfileChoice& profile : choice.profiles) {
    const std::string& device = profile.file.profile.device;
    const bool used =
        std::any_of(inventory.types.begin(), inventory.types.end(),
                    [&](const std::string& type) { return models::same_device(type, device); });
    if (!used)
      throw base::Error(
          profile.where,
          fmt::format("'{}' is a profile of {}, which no node has; expected one of {}",
                      profile.file.path, device, fmt::join(inventory.types, " or of ")));
  }
}

models::DeviceCosts costs_of(const std::string& type, const EstimatorChoice& choice,
                             const models::DeviceCostsByType& fitted) {
  const models::ProfileFile* profile = profile_of(choice, type);
  const models::GpuType* gpu = models::find_gpu(type);
  if (gpu == nullptr) return models::profile_only_costs(*profile);
  if (profile != nullptr && fitted.contains(gpu->name))
    throw base::Error({choice.costs, 0, 0, ""},
                      fmt::format("has costs of {}, and so has the profile '{}'; expected one of "
                                  "them",
                                  gpu->name, profile->path));
  models::DeviceCosts costs = models::device_costs(*gpu, fitted);
  if (profile != nullptr) models::use_profile(costs, *profile);
  return costs;
}

std::vector<ProfileChoice> read_profile_choices(const Node& node) {
  base::detail::check_sequence(node);
  std::vector<ProfileChoice> profiles;
  for (const Node& item : node.items) {
    models::ProfileFile file = models::read_profile(resolve_existing_file(item));
    for (const ProfileChoice& other : profiles)
      if (models::same_device(other.file.profile.device, file.profile.device))
        throw base::Error(item.where,
                          fmt::format("'{}' and '{}' are both of {}; expected one profile for each "
                                      "device",
                                      other.file.path, file.path, file.profile.device));
    profiles.push_back({std::move(file), item.where});
  }
  return profiles;
}

/// EstimatedThroughput together with the measured tables that its devices point to.
class OwningEstimator final : public models::ThroughputSource {
 public:
  explicit OwningEstimator(std::shared_ptr<const EstimatorDevices> devices)
      : devices_(std::move(devices)), estimates_(devices_->costs) {}
  models::Throughput of(const models::TrainingTask& task, const models::ThroughputType& type,
                        models::Locality locality) const override {
    return estimates_.of(task, type, locality);
  }

 private:
  std::shared_ptr<const EstimatorDevices> devices_;
  models::EstimatedThroughput estimates_;
};

}  // namespace

base::Declaration<EstimatorChoice> declare(const EstimatorChoice*) {
  base::Declaration<EstimatorChoice> d(
      "Estimates of the best parallel plan, for models of 'orrery list models'.");
  d.custom(
      "profiles", "list of text",
      [](EstimatorChoice& out, const Node& n) { out.profiles = read_profile_choices(n); },
      "measured profiles of devices (orrery-calibrate), YAML files; they replace data sheets");
  d.custom(
      "costs", "text",
      [](EstimatorChoice& out, const Node& n) { out.costs = resolve_existing_file(n); },
      "fitted costs of GPU types, a CSV file; absent: data sheets");
  d.custom(
      "collectives", "text",
      [](EstimatorChoice& out, const Node& n) { out.collectives = resolve_existing_file(n); },
      "measured collectives, a CSV file as Crius publishes; absent: by rates of links");
  d.text("measured_fabric", &EstimatorChoice::measured_fabric, "which fabric of that file");
  return d;
}

EstimatorChoice read_estimator_choice(const Node& node) {
  return base::read<EstimatorChoice>(node);
}

std::vector<std::string> profile_devices(const EstimatorChoice& choice) {
  std::vector<std::string> devices;
  for (const ProfileChoice& profile : choice.profiles)
    devices.push_back(profile.file.profile.device);
  return devices;
}

std::shared_ptr<const EstimatorDevices> read_devices(const EstimatorChoice& choice,
                                                     const platform::Inventory& inventory) {
  auto tables = std::make_shared<models::CollectiveTables>();
  if (!choice.collectives.empty()) *tables = traces::read_collectives(choice.collectives);
  models::DeviceCostsByType fitted;
  if (!choice.costs.empty()) fitted = models::read_device_costs(choice.costs);
  check_profiles(choice, inventory);
  models::DeviceCostsByType devices;
  for (const std::string& type : inventory.types) {
    models::DeviceCosts costs = costs_of(type, choice, fitted);
    costs.across_nodes.bytes_per_second = nic_of(type, choice, inventory);
    use_measured_collectives(costs, tables->find(type, choice.measured_fabric));
    devices.emplace(type, std::move(costs));
  }
  return std::make_shared<EstimatorDevices>(
      EstimatorDevices{std::move(tables), std::move(devices)});
}

base::DeclarationInfo estimator_schema() {
  return base::describe<EstimatorChoice>();
}

std::shared_ptr<const models::ThroughputSource> make_estimator(
    std::shared_ptr<const EstimatorDevices> devices) {
  return std::make_shared<OwningEstimator>(std::move(devices));
}

std::function<std::optional<models::CommunicationShare>(const models::TrainingTask&,
                                                        const std::string&, models::Locality)>
make_communication_estimate(std::shared_ptr<const EstimatorDevices> devices) {
  using Key = std::tuple<std::string, std::int64_t, std::optional<models::gemm::Pruning>,
                         std::string, models::Locality>;
  using Shares = std::map<Key, std::optional<models::CommunicationShare>>;
  return [devices = std::move(devices), known = std::make_shared<Shares>()](
             const models::TrainingTask& task, const std::string& type, models::Locality locality) {
    const auto [found, fresh] =
        known->try_emplace(Key{task.model, task.batch_samples, task.pruning, type, locality});
    if (fresh)
      found->second = models::estimated_communication(devices->costs, task, type, locality);
    return found->second;
  };
}

}  // namespace orrery::training
