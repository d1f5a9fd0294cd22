// Is a text a well-formed XML document? As strict as what our pictures may hold.
#pragma once

#include <string>
#include <string_view>

namespace orrery::report::testing {

/// Empty for a well-formed document, else what is wrong and where: elements that do not nest,
/// attributes twice or without quotes, markup in texts, control characters.
std::string xml_fault(std::string_view document);

}  // namespace orrery::report::testing
