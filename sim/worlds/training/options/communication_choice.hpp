// `communication:` of an experiment: what jobs on several nodes send over a shared fabric.
#pragma once

#include <string>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

/// `communication: {breakdown: path, part_if_unknown: 0.2}`.
struct CommunicationChoice {
  std::string breakdown_path;    ///< resolved; empty: none
  double part_if_unknown = 0.2;  ///< of an iteration
};

base::Declaration<CommunicationChoice> declare(const CommunicationChoice*);

/// Reads the mapping. Throws base::Error for a missing file.
CommunicationChoice read_communication_choice(const base::Node& node);

/// Every key of the section.
base::DeclarationInfo communication_schema();

/// Reads the breakdown where the fabric is shared and one is named.
CommunicationConfig make_communication(const CommunicationChoice& choice,
                                       platform::Network network);

}  // namespace orrery::training
