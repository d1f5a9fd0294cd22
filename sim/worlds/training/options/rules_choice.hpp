// `rules:` of an experiment: by whose rules time passes and jobs advance.
#pragma once

#include <optional>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/worlds/training/arena/arena_rules.hpp"

namespace orrery::training {

/// `rules: exact` (the default): this project's own. `rules: arena`, or `{name: arena, ...}` with
/// switches: those of the Crius artifact.
struct RulesChoice {
  std::optional<training::arena::Quirks> arena;  ///< absent: exact
  base::Where where;
};

/// Reads a name or a mapping. Throws base::Error for unknown rules and for switches they lack.
RulesChoice read_rules(const base::Node& node);

/// `name` and the switches of all rules.
base::DeclarationInfo rules_schema();

}  // namespace orrery::training
