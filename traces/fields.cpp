#include "traces/fields.hpp"

#include <algorithm>
#include <vector>

namespace orrery::traces {

namespace {

/// The bytes of the character that `text` begins with; 0 for a control character or invalid UTF-8.
std::size_t clean_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x20 || lead == 0x7f) return 0;
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || length > text.size()) return 0;
  char32_t code = lead & (0xffu >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    const auto next = static_cast<unsigned char>(text[k]);
    if ((next & 0xc0) != 0x80) return 0;
    code = (code << 6) | (next & 0x3f);
  }
  // Longer than needed, past the last character, or half of a surrogate pair.
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
  return length;
}

}  // namespace

void fail_field(base::Where where, std::string_view text, std::string_view expected) {
  constexpr std::size_t kShown = 60;
  std::string sentence = "found ";
  if (text.empty()) {
    sentence += "an empty field";
  } else {
    sentence += "'" + cleaned(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
  }
  throw base::Error(std::move(where), sentence + ", expected " + std::string(expected));
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = clean_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string cleaned(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = clean_character(text);
    if (length == 0) {
      out += '?';
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max(length, std::size_t{1}));
  }
  return out;
}

bool has_columns(std::string_view header, char separator,
                 std::initializer_list<std::string_view> columns) {
  std::vector<std::string_view> found;
  while (true) {
    const std::size_t stop = header.find(separator);
    std::string_view name = header.substr(0, stop);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    found.push_back(name);
    if (stop == std::string_view::npos) break;
    header.remove_prefix(stop + 1);
  }
  return std::all_of(columns.begin(), columns.end(), [&](std::string_view name) {
    return std::find(found.begin(), found.end(), name) != found.end();
  });
}

}  // namespace orrery::traces
