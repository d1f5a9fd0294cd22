// Dotted paths into a document: looking up and removing (setting is base::set_at), and parts of it.
#pragma once

#include <string_view>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"

namespace orrery::experiment {

/// The value at a dotted path of mapping keys (`workload.trace.path`), or nullptr.
const base::Node* find_at(const base::Node& root, std::string_view dotted_path);

/// Removes the value at a dotted path of mapping keys; nothing where there is none.
void erase_at(base::Node& root, std::string_view dotted_path);

/// Removes one entry of a mapping; nothing where there is none.
void erase_key(base::Node& mapping, std::string_view key);

/// An empty mapping placed at `where`.
base::Node empty_mapping(base::Where where);

/// The keys of a mapping that `info` declares, as a mapping of their own.
base::Node part(const base::Node& mapping, const base::DeclarationInfo& info);

}  // namespace orrery::experiment
