#include "models/base/plain_words.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace orrery::base::detail {

namespace {

constexpr std::string_view kDigits = "0123456789";

bool only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Nulls, booleans and special keys. YAML 1.1 knows three cases of each; any case is taken here.
bool is_word(const std::string& lowered) {
  static constexpr std::array<std::string_view, 13> kWords = {
      "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"};
  return std::find(kWords.begin(), kWords.end(), lowered) != kWords.end();
}

/// `0b101`, `0o17`, `0x1F`.
bool is_prefixed(std::string_view lowered) {
  if (lowered.size() < 3 || lowered[0] != '0') return false;
  return std::string_view("box").find(lowered[1]) != std::string_view::npos &&
         only(lowered.substr(2), "0123456789abcdef_");
}

/// Decimal digits with their separators, points and colons, and an exponent: `1_000`, `1:30:00.5`,
/// `.5`, `1e3`. YAML 1.1 takes any number of points, without digits beside them too; some readers
/// take an exponent alone.
bool is_decimal(std::string_view lowered) {
  const std::size_t exponent = lowered.find('e');
  const std::string_view mantissa = lowered.substr(0, exponent);
  if (mantissa.empty() && exponent == std::string_view::npos) return false;
  if (!mantissa.empty() && mantissa.front() != '.' &&
      kDigits.find(mantissa.front()) == std::string_view::npos)
    return false;
  if (!only(mantissa, "0123456789_.,:")) return false;
  if (exponent == std::string_view::npos) return true;
  std::string_view power = lowered.substr(exponent + 1);
  if (power.starts_with('+') || power.starts_with('-')) power.remove_prefix(1);
  return !power.empty() && only(power, "0123456789_");
}

/// `2026-11-30`, alone or before a time.
bool is_timestamp(std::string_view text) {
  const auto part = [&](std::size_t least, std::size_t most) {
    const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
    text.remove_prefix(digits);
    return digits >= least && digits <= most;
  };
  const auto dash = [&] {
    const bool found = text.starts_with('-');
    if (found) text.remove_prefix(1);
    return found;
  };
  if (!part(4, 4) || !dash() || !part(1, 2) || !dash() || !part(1, 2)) return false;
  return text.empty() || std::string_view("Tt \t").find(text.front()) != std::string_view::npos;
}

}  // namespace

bool has_type_without_quotes(std::string_view word) {
  const std::string lowered = lower(word);
  if (is_word(lowered) || is_timestamp(word)) return true;
  std::string_view number = lowered;
  if (number.starts_with('+') || number.starts_with('-')) number.remove_prefix(1);
  return number == ".inf" || number == ".nan" || is_prefixed(number) || is_decimal(number);
}

}  // namespace orrery::base::detail
