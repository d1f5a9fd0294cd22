// `throughput.estimator` of an experiment: our own estimates where nothing was measured.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "models/network/communication.hpp"
#include "models/throughput/throughput_source.hpp"
#include "models/training/estimated_throughput.hpp"
#include "models/training/profile_costs.hpp"
#include "sim/platform/node.hpp"

namespace orrery::training {

/// A measured profile and where the experiment names it.
struct ProfileChoice {
  models::ProfileFile file;
  base::Where where;
};

/// `estimator: {profiles: [...], costs: ..., collectives: ..., measured_fabric: ib}`.
struct EstimatorChoice {
  std::vector<ProfileChoice> profiles;  ///< of different devices; one replaces data sheets
  std::string costs;        ///< resolved path of fitted device costs; empty: data sheets
  std::string collectives;  ///< resolved path; empty: rates of data sheets and of the fabric
  std::string measured_fabric = "default";
  double nic_bytes_per_second = 12.5e9;  ///< of nodes that state none: the experiment's fabric
};
base::Declaration<EstimatorChoice> declare(const EstimatorChoice*);

/// Reads the mapping and its profiles. Throws base::Error for a missing file, for what is no
/// profile and for two profiles of one device.
EstimatorChoice read_estimator_choice(const base::Node& node);

/// Every key of the section.
base::DeclarationInfo estimator_schema();

/// The devices of its profiles: types that a platform may have beside the catalog's.
std::vector<std::string> profile_devices(const EstimatorChoice& choice);

/// Costs of the GPU types of a platform, with the measured tables that they point to: read and
/// fitted once a run, used by all that estimates.
struct EstimatorDevices {
  std::shared_ptr<const models::CollectiveTables> tables;
  models::DeviceCostsByType costs;
};

/// For each GPU type its profile or fitted costs where there are any (both are refused), else those
/// of the data sheet (uncalibrated), network cards as the experiment states them, of several groups
/// of a type the slowest, and measured collectives where the table has the type. Throws base::Error
/// for an unreadable table and a profile of a device that the platform lacks.
std::shared_ptr<const EstimatorDevices> read_devices(const EstimatorChoice& choice,
                                                     const platform::Inventory& inventory);

/// Estimates by these costs.
std::shared_ptr<const models::ThroughputSource> make_estimator(
    std::shared_ptr<const EstimatorDevices> devices);

/// The same estimates of what part of an iteration is communication; remembered as they are asked
/// for.
std::function<std::optional<models::CommunicationShare>(const models::TrainingTask&,
                                                        const std::string&, models::Locality)>
make_communication_estimate(std::shared_ptr<const EstimatorDevices> devices);

}  // namespace orrery::training
