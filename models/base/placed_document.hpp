// A document with the place of every value, as text: for handing it to another process whose
// errors and relative paths must mean the same.
#pragma once

#include <string>
#include <string_view>

#include "models/base/document.hpp"

namespace orrery::base {

/// Reads back as an equal Node, places included.
std::string to_placed_text(const Node& node);

/// Throws Error (at `name`) for a text that to_placed_text did not write.
Node parse_placed_text(std::string_view text, const std::string& name);

}  // namespace orrery::base
