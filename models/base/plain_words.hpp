// Which texts other YAML readers take for something else than text when they stand without quotes.
#pragma once

#include <string_view>

namespace orrery::base::detail {

/// Whether a reader of YAML 1.1 or 1.2 may give the word a type: null, boolean, integer (binary,
/// octal, hexadecimal, by sixties, with separators), number, timestamp, merge key or value key.
/// Sources: the type repository of YAML 1.1 (yaml.org/type), YAML 1.2.2 section 10.3.2, and what
/// common readers add to them (prefixes in capitals, infinity and NaN in any case).
bool has_type_without_quotes(std::string_view word);

}  // namespace orrery::base::detail
