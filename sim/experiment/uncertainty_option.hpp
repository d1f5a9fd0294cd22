// `uncertainty:` of an experiment: where the intervals of its comparison come from. It belongs to
// the comparison, not to its runs.
#pragma once

#include <cstdint>
#include <optional>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/report/uncertainty.hpp"

namespace orrery::experiment {

inline constexpr const char* kUncertaintyKey = "uncertainty";

struct UncertaintyKeys {
  std::optional<std::int64_t> windows, bootstrap;
};
base::Declaration<UncertaintyKeys> declare(const UncertaintyKeys*);

/// As the document asks for it; the default where it does not. Throws base::Error for both rules,
/// none, or impossible numbers.
report::Uncertainty uncertainty_of(const base::Node& document);

}  // namespace orrery::experiment
