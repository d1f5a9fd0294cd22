// Paths written in a trace's options.
#pragma once

#include <string>

#include "models/base/document.hpp"

namespace orrery::traces {

/// The file a path names: relative ones are taken from the folder of the document that holds it,
/// and `${ORRERY_DATA}` at the start is the environment's. Throws Error when that is not set.
std::string resolve_option_path(const base::Node& path);

}  // namespace orrery::traces
