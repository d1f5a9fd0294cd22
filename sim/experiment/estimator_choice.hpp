// `throughput.estimator` of an experiment: our own estimates where nothing was measured.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "models/network/communication.hpp"
#include "models/throughput/throughput_source.hpp"
#include "sim/platform/node.hpp"

namespace orrery::experiment {

/// `estimator: {costs: ..., collectives: ..., measured_fabric: ib}`.
struct EstimatorChoice {
  std::string costs;        ///< resolved path of fitted device costs; empty: data sheets
  std::string collectives;  ///< resolved path; empty: rates of data sheets and of the fabric
  std::string measured_fabric = "default";
  double nic_bytes_per_second = 12.5e9;  ///< of nodes that state none: the experiment's fabric
};
base::Declaration<EstimatorChoice> declare(const EstimatorChoice*);

/// Reads the mapping. Throws base::Error for a missing file.
EstimatorChoice read_estimator_choice(const base::Node& node);

/// Every key of the section.
base::DeclarationInfo estimator_schema();

/// Estimates for the GPU types of a platform: fitted costs where the file has the type, else those
/// of the data sheet (uncalibrated), network cards as the experiment states them, of several groups
/// of a type the slowest, and measured collectives where the table has the type. Throws base::Error
/// for an unreadable table.
std::shared_ptr<const models::ThroughputSource> make_estimator(
    const EstimatorChoice& choice, const platform::Inventory& inventory);

/// The same estimates of what part of an iteration is communication; remembered as they are asked
/// for.
std::function<std::optional<models::CommunicationShare>(const models::TrainingTask&,
                                                        const std::string&, models::Locality)>
make_communication_estimate(const EstimatorChoice& choice, const platform::Inventory& inventory);

}  // namespace orrery::experiment
