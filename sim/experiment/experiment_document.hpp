// An experiment as a document: files followed through `extends`, changed by `--set`, in one form.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/world/world.hpp"

namespace orrery::experiment {

/// Reads a file, follows `extends` (relative to the extending file; a cycle is an Error), then
/// applies `PATH=VALUE` texts in order: VALUE is YAML, and `null` removes what stands there.
///
/// What comes later wins. Keys that exclude each other displace one another: `seeds` in a file
/// replaces the `seed` of the file it extends, and so the rules of `stop` and what a kind of world
/// declares so (`policies` and `policy.name`). Both in one file is an Error.
base::Node load_document(const std::string& path, const std::vector<std::string>& sets = {});

/// Sets one value as `--set` does; `worlds.NAME.key` is a key of that world. `where` is named by
/// errors.
void set_value(base::Node& document, const std::string& path, base::Node value,
               const base::Where& where);

/// Moves keys of a world that were written inside another one to where they belong.
void unfold_item(base::Node& item, const world::WorldKind& kind);

}  // namespace orrery::experiment
