// Dotted paths into a document: looking up and removing (setting is base::set_at), and parts of it.
#pragma once

#include <string_view>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"

namespace orrery::base {

/// The value at a dotted path (`workload.trace.path`, `nodes[0].count`), or nullptr.
const Node* find_at(const Node& root, std::string_view dotted_path);

/// Removes the value at a dotted path, also an item of a list; nothing where there is none.
void erase_at(Node& root, std::string_view dotted_path);

/// Removes one entry of a mapping; nothing where there is none.
void erase_key(Node& mapping, std::string_view key);

/// An empty mapping placed at `where`.
Node empty_mapping(Where where);

/// The keys of a mapping that `info` declares, as a mapping of their own.
Node part(const Node& mapping, const DeclarationInfo& info);

}  // namespace orrery::base
