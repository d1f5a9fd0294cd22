// Every key of an experiment file: the experiment's own, the platform's, and those of all kinds of
// world.
#pragma once

#include <string>
#include <string_view>

#include "models/base/parameters.hpp"
#include "sim/world/world.hpp"

namespace orrery::experiment {

/// Every key of an experiment file: those of the whole experiment, and in the short form those of
/// the default kind of world.
base::DeclarationInfo schema();
/// The keys of a document in the short form of this kind.
const base::DeclarationInfo& short_form_schema(const world::WorldKind& kind);
/// The keys of a document that lists its worlds.
const base::DeclarationInfo& long_form_schema();
/// The keys of an item of `worlds`: `name`, `kind`, `placed_by` and those of its kind.
base::DeclarationInfo item_schema(const world::WorldKind& kind);
/// `schema` as a JSON Schema for editors; nothing is required at the top, since a file may extend
/// another one.
std::string json_schema();

/// Whether a key may stand at the top of a document that lists its worlds.
bool is_key_beside_worlds(std::string_view key);
bool is_key_of_some_world(std::string_view key);

}  // namespace orrery::experiment
