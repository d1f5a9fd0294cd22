#include "traces/calendar_time.hpp"

#include <chrono>

namespace orrery::traces {

namespace {

/// The number written in `count` digits at `from`, or -1.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// Seconds of `Z`, `+02:00`, `-0330` or `+02`.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool colon = text.size() == 6 && text[3] == ':';
  if (text.size() != 3 && text.size() != 5 && !colon) return std::nullopt;
  const int hours = digits(text, 1, 2);
  const int minutes = text.size() == 3 ? 0 : digits(text, colon ? 4 : 3, 2);
  // The widest offsets in use are -12:00 and +14:00.
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> parse_calendar_time(std::string_view text) {
  if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
}

std::optional<WrittenTime> parse_written_time(std::string_view text) {
  constexpr std::size_t kCalendar = 19;
  if (text.size() <= kCalendar) {
    if (const auto seconds = parse_calendar_time(text)) return WrittenTime{*seconds, false};
    // Fewer digits would be a count of seconds from somewhere else; more, milliseconds.
    if (text.size() < 9 || text.size() > 11) return std::nullopt;
    std::int64_t seconds = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      seconds = seconds * 10 + (c - '0');
    }
    return WrittenTime{seconds, true};
  }
  const auto local = parse_calendar_time(text.substr(0, kCalendar));
  const auto offset = parse_offset(text.substr(kCalendar));
  if (!local || !offset) return std::nullopt;
  return WrittenTime{*local - *offset, true};
}

}  // namespace orrery::traces
