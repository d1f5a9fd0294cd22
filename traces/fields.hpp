// Fields of a trace's rows as checked values. A row is anything with `row[column]` (its text) and
// `row.where(column)` (its place); the place is only made for errors.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/quantity.hpp"
#include "traces/calendar_time.hpp"

namespace orrery::traces {

using base::kLatestSecond;
/// No job may ask for more GPUs.
inline constexpr std::int64_t kMostGpus = 1'000'000;

/// Throws Error: `found TEXT, expected EXPECTED`.
[[noreturn]] void fail_field(base::Where where, std::string_view text, std::string_view expected);

/// A number of seconds, at least 0.
template <class Row>
double read_seconds(const Row& row, std::size_t column) {
  const auto value = base::parse_double(row[column]);
  if (!value || !(*value >= 0) || *value > kLatestSecond)
    fail_field(row.where(column), row[column], "a number of seconds from 0 to 1e12");
  return *value + 0.0;  // -0 becomes 0
}

/// A number above 0 and at most 1e12.
template <class Row>
double read_positive(const Row& row, std::size_t column,
                     std::string_view expected = "a number above 0") {
  const auto value = base::parse_double(row[column]);
  if (!value || !(*value > 0) || *value > kLatestSecond)
    fail_field(row.where(column), row[column], expected);
  return *value;
}

/// An integer from `least` to 1e15.
template <class Row>
std::int64_t read_integer(const Row& row, std::size_t column, std::int64_t least,
                          std::string_view expected) {
  const auto value = base::parse_integer(row[column]);
  if (!value || *value < least) fail_field(row.where(column), row[column], expected);
  if (static_cast<double>(*value) > base::kLargestCount)
    fail_field(row.where(column), row[column], std::string(expected) + ", and at most 1e15");
  return *value;
}

/// A number of whole GPUs, at least `least`.
template <class Row>
std::int32_t read_gpus(const Row& row, std::size_t column, std::int64_t least = 1) {
  const auto value = base::parse_integer(row[column]);
  if (!value || *value < least || *value > kMostGpus) {
    fail_field(row.where(column), row[column],
               least > 0 ? "a whole number of GPUs of at least 1"
                         : "a whole number of GPUs of at least 0");
  }
  return static_cast<std::int32_t>(*value);
}

/// A wall-clock time, as seconds of the calendar.
template <class Row>
double read_calendar_time(const Row& row, std::size_t column) {
  const auto value = parse_calendar_time(row[column]);
  if (!value) fail_field(row.where(column), row[column], "a time like 2017-10-07 01:11:39");
  return static_cast<double>(*value);
}

/// Whether a text is digits and nothing else.
bool all_digits(std::string_view text);

/// Text as ids and names may be: valid UTF-8 without control characters.
bool is_clean_text(std::string_view text);
/// The text with a question mark for each byte that is not: what reports may show of any input.
std::string cleaned(std::string_view text);

/// Whether a header line, split at `separator`, has all these columns.
bool has_columns(std::string_view header, char separator,
                 std::initializer_list<std::string_view> columns);

}  // namespace orrery::traces
