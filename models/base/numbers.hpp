// Numbers to text and back: strict in reading, shortest in writing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::base {

/// The whole of `text` as a finite decimal number; nullopt for anything else (empty, blanks,
/// trailing characters, `nan`, `inf`, hexadecimal, too large or too small for a double).
std::optional<double> parse_double(std::string_view text);

/// The whole of `text` as a decimal integer; nullopt for anything else, overflow included.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// The shortest decimal text that reads back as exactly `value`; `value` must be finite.
std::string format_shortest(double value);

/// Appends what `format_shortest` returns, without allocating.
void append_shortest(std::string& out, double value);

}  // namespace orrery::base
