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

/// A time as programs write it.
struct WrittenTime {
  std::int64_t seconds = 0;  ///< since 1970-01-01 00:00:00, of UTC where `absolute`
  /// It says which instant is meant, whatever the clock's zone and daylight saving.
  bool absolute = false;

  bool operator==(const WrittenTime&) const = default;
};

/// Reads a calendar time, the same followed by an offset from UTC (`Z`, `+02:00`, `+0200`, `+02`),
/// or seconds since 1970 (at least nine digits); nullopt for anything else.
std::optional<WrittenTime> parse_written_time(std::string_view text);

}  // namespace orrery::traces
