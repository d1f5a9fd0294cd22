// One key of the schema by its dotted path.
#pragma once

#include <string>

#include "models/base/parameters.hpp"

namespace orrery::experiment {

/// The declaration of one key alone, its members below it: `cluster.nodes.gpu` (list indices may
/// stand there and do not matter). Throws base::Error for a key nobody knows.
base::DeclarationInfo schema_of(const std::string& dotted_path);

}  // namespace orrery::experiment
