// What declared parameters look like to people and to editors.
#pragma once

#include <string>
#include <string_view>

#include "models/base/declaration_fwd.hpp"

namespace orrery::base {

/// Indented plain text: each key with its type, units, default, range, choices and help, members
/// of nested mappings below it. `indent` is the number of blanks before each line.
std::string to_text(const DeclarationInfo& info, std::size_t indent = 0);

/// A JSON Schema (draft 2020-12) of the mapping, as indented JSON that ends in a line end.
/// Unknown keys are refused; quantities are texts with a number and a unit.
std::string to_json_schema(const DeclarationInfo& info, std::string_view title);

}  // namespace orrery::base
