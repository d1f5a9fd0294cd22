#include "models/base/numbers.hpp"

#include <cassert>
#include <charconv>
#include <cmath>

namespace orrery::base {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// from_chars takes no plus sign, yet takes `nan` and `inf`: what follows the sign is looked at
// here.
bool strip_sign(std::string_view& text) {
  const std::size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  if (text.size() <= sign) return false;
  if (!is_digit(text[sign]) && text[sign] != '.') return false;
  if (text[0] == '+') text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) {
  if (!strip_sign(text)) return std::nullopt;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (!strip_sign(text)) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string format_shortest(double value) {
  std::string out;
  append_shortest(out, value);
  return out;
}

void append_shortest(std::string& out, double value) {
  assert(std::isfinite(value));
  char buffer[32];  // the longest double is 24 characters
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, static_cast<std::size_t>(result.ptr - buffer));
}

}  // namespace orrery::base
