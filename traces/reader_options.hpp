// How a reader gets its options.
#pragma once

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"

namespace orrery::traces {

/// Formats without options of their own.
struct NoOptions {};
inline base::Declaration<NoOptions> declare(const NoOptions*) {
  return base::Declaration<NoOptions>("No options beside format, path and on_bad_row.");
}

/// The options of a reader; a document without any is an empty mapping.
template <class T>
T read_options(const base::Node& node) {
  if (node.kind != base::Node::Kind::null) return base::read<T>(node);
  base::Node none;
  none.kind = base::Node::Kind::mapping;
  none.where = node.where;
  return base::read<T>(none);
}

}  // namespace orrery::traces
