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

namespace orrery::experiment {

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

/// The costs of the GPU types of a platform by which estimates are made. Throws base::Error as
/// make_estimator.
models::DeviceCostsByType estimator_costs(const EstimatorChoice& choice,
                                          const platform::Inventory& inventory);

/// Estimates for the GPU types of a platform: its profile or fitted costs where there are any (both
/// are refused), else those of the data sheet (uncalibrated), network cards as the experiment
/// states them, of several groups of a type the slowest, and measured collectives where the table
/// has the type. Throws base::Error for an unreadable table and a profile of a device that the
/// platform lacks.
std::shared_ptr<const models::ThroughputSource> make_estimator(
    const EstimatorChoice& choice, const platform::Inventory& inventory);

/// The same estimates of what part of an iteration is communication; remembered as they are asked
/// for.
std::function<std::optional<models::CommunicationShare>(const models::TrainingTask&,
                                                        const std::string&, models::Locality)>
make_communication_estimate(const EstimatorChoice& choice, const platform::Inventory& inventory);

}  // namespace orrery::experiment
