// The worlds of a document: its short form has the keys of one at the top, its long form lists
// them under `worlds`, each with a name.
#pragma once

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/world/world.hpp"

namespace orrery::experiment {

/// One world of a document.
struct WorldItem {
  std::string name;  ///< empty in the short form
  const world::WorldKind* kind = nullptr;
  std::string placed_by;  ///< the world whose policy places it; empty: none
  base::Where where;
  base::Node keys;  ///< what its kind declares
};

/// Whether the document lists its worlds.
bool is_long_form(const base::Node& document);

/// The kind that a mapping with or without `kind` is of. Throws base::Error for an unknown one.
const world::WorldKind& kind_of(const base::Node& mapping);

/// Throws base::Error for a key at the top that a document of this form does not know, for a short
/// form mixed with `worlds`, and for a platform that is missing or given twice.
void check_top_keys(const base::Node& document);

/// The worlds by name. Throws base::Error for a name that is missing, stands twice or names no
/// folder, and for a `placed_by` that names no other world.
std::vector<WorldItem> world_items(const base::Node& document);

/// The document with its worlds' keys replaced: `items` in the order of world_items.
base::Node with_items(base::Node document, const std::vector<WorldItem>& items);

/// The platform's mapping: `platform`, which the short form may call `cluster`. Throws base::Error
/// when there is none, or both.
const base::Node& platform_of(const base::Node& document);

/// Replaces `worlds.NAME.rest` by the path that base::set_at knows. Throws base::Error (at `where`)
/// for a name that no world has.
std::string path_in(const base::Node& document, const std::string& path, const base::Where& where);

}  // namespace orrery::experiment
