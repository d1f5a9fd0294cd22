// Wall-clock times of traces as seconds: pure calendar arithmetic, without a time zone database,
// a locale or any correction for daylight saving.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace orrery::traces {

/// Seconds since 1970-01-01 00:00:00 of a time `YYYY-MM-DD HH:MM:SS` (or with a `T` between), read
/// as if every day had 86,400 seconds; nullopt for anything else, impossible dates included.
std::optional<std::int64_t> parse_calendar_time(std::string_view text);

}  // namespace orrery::traces
