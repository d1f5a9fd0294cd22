#include "models/base/document_text.hpp"

#include <algorithm>

namespace orrery::base::detail {

namespace {

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

std::string hexadecimal(unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {'0', 'x', kDigits[c >> 4], kDigits[c & 15]};
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  std::size_t length = 0;
  unsigned smallest = 0;
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
    smallest = 0x80;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    smallest = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    smallest = 0x10000;
  } else {
    return {first, 0};
  }
  if (text.size() < length) return {first, 0};
  unsigned value = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {first, 0};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) return {first, 0};
  return {value, length};
}

std::string child_path(const std::string& parent, std::string_view key) {
  std::string path;
  path.reserve(parent.size() + 1 + key.size());
  path += parent;
  if (!parent.empty()) path += '.';
  path += key;
  return path;
}

std::string child_path(const std::string& parent, std::size_t index) {
  return parent + '[' + std::to_string(index) + ']';
}

void set_path(Node& node, const std::string& path) {
  node.where.key = path;
  for (std::size_t i = 0; i < node.items.size(); ++i) set_path(node.items[i], child_path(path, i));
  for (Entry& entry : node.entries) {
    entry.where.key = child_path(path, entry.key);
    set_path(entry.value, entry.where.key);
  }
}

std::size_t bytes_at(const Node& node, std::size_t path_size, std::size_t limit) {
  std::size_t bytes = node.text.size() + path_size;
  constexpr std::size_t kIndex = 9;  // `[999999]` and one to spare
  for (const Node& item : node.items) {
    if (bytes > limit) return bytes;
    bytes += bytes_at(item, path_size + kIndex, limit);
  }
  for (const Entry& entry : node.entries) {
    if (bytes > limit) return bytes;
    const std::size_t below = path_size + 1 + entry.key.size();
    bytes += entry.key.size() + below + bytes_at(entry.value, below, limit);
  }
  return bytes;
}

std::size_t depth_of(const Node& node) {
  if (node.kind != Node::Kind::sequence && node.kind != Node::Kind::mapping) return 0;
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const Entry& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

void check_characters(std::string_view text, const std::string& name) {
  int line = 1;
  int column = 1;
  while (!text.empty()) {
    const std::size_t length = first_character(text).size;
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0 || is_control(first)) {
      throw Error({name, line, column, ""},
                  "found the byte " + hexadecimal(first) +
                      (length == 0 ? ", which is not UTF-8 text" : ", a control character"));
    }
    ++column;
    if (first == '\n') {
      ++line;
      column = 1;
    }
    text.remove_prefix(length);
  }
}

bool is_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = first_character(text).size;
    if (length == 0 || is_control(static_cast<unsigned char>(text.front()))) return false;
    text.remove_prefix(length);
  }
  return true;
}

Indentation indentation_of(std::string_view text, int line) {
  std::size_t begin = 0;
  for (int i = 0; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string_view::npos) return {text.size(), 0};
    ++begin;
  }
  const std::string_view rest = text.substr(begin);
  const auto blank = [&](std::size_t i) {
    return i < rest.size() && (rest[i] == ' ' || rest[i] == '\t');
  };
  const auto indicator = [&](std::size_t i) {
    return i < rest.size() && std::string_view("-?:").find(rest[i]) != std::string_view::npos &&
           blank(i + 1);
  };
  std::size_t size = 0;
  while (blank(size) || indicator(size)) ++size;
  return {begin, size};
}

bool is_null_word(std::string_view text) {
  return text == "~" || text == "null" || text == "Null" || text == "NULL";
}

}  // namespace orrery::base::detail
