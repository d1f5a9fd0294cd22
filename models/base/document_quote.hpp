// A quote that nothing closes: the YAML library takes it for a text that reaches to the end of the
// file, where that ends with a line end, and then misses all that the text swallowed.
#pragma once

#include <optional>
#include <string_view>

#include "models/base/error.hpp"

namespace orrery::base::detail {

/// The place of a quote that begins a text in this document and is never closed. Meant for texts
/// that the library has parsed as far as it could: nesting is not limited here.
std::optional<Where> unclosed_quote(std::string_view text, const std::string& name);

}  // namespace orrery::base::detail
