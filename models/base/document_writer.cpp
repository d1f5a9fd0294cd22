#include <algorithm>
#include <string_view>

#include "models/base/document.hpp"
#include "models/base/document_text.hpp"
#include "models/base/numbers.hpp"
#include "models/base/plain_words.hpp"

// One way to write each tree: block style, two blanks per level, plain text where it reads back as
// the same, else double quotes.

namespace orrery::base {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Whether the text, without quotes, is read as that text in every place of block style. Stricter
/// than YAML asks, so that nobody needs to know its rules.
bool plain_is_safe(std::string_view text) {
  if (text.empty()) return false;
  const char first = text.front();
  const bool signed_number = (first == '-' || first == '+') && text.size() > 1 &&
                             (is_letter_or_digit(text[1]) || text[1] == '.');
  if (!is_letter_or_digit(first) && !signed_number &&
      std::string_view("_/.").find(first) == std::string_view::npos)
    return false;
  if (text.starts_with("..") || text.back() == ' ') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool single_blank = text[i] == ' ' && text[i - 1] != ' ';
    if (!is_letter_or_digit(text[i]) && !single_blank &&
        std::string_view("_./+-*=()").find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

/// Whether this project reads the plain text as a value that is not text.
bool is_value(std::string_view text) {
  return text == "true" || text == "false" || parse_double(text).has_value();
}

/// The characters that are not text in YAML, or a line break in YAML 1.1 only.
bool needs_escape(unsigned character) {
  const bool control = character < 0x20 || (character >= 0x7F && character <= 0x9F);
  const bool line_break = character == 0x2028 || character == 0x2029;
  return control || line_break || character == 0xFEFF || character == 0xFFFE || character == 0xFFFF;
}

void append_escape(std::string& out, unsigned character) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += character < 0x80 ? "\\x" : "\\u";
  for (int shift = character < 0x80 ? 4 : 12; shift >= 0; shift -= 4)
    out += kDigits[(character >> shift) & 15];
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto [character, size] = detail::first_character(text);
    const std::size_t length = std::max<std::size_t>(size, 1);  // bytes that are not text stay
    if (character == '"' || character == '\\') {
      out += '\\';
      out += text.front();
    } else if (character == '\n') {
      out += "\\n";
    } else if (character == '\t') {
      out += "\\t";
    } else if (character == '\r') {
      out += "\\r";
    } else if (size > 0 && needs_escape(character)) {
      append_escape(out, character);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

void append_scalar(std::string& out, const Node& node) {
  const bool typed = detail::has_type_without_quotes(node.text);
  if (plain_is_safe(node.text) && (!typed || (!node.quoted && is_value(node.text)))) {
    out += node.text;
  } else {
    append_quoted(out, node.text);
  }
}

/// Keys are texts. Only the digits of whole numbers stand without quotes, as people write them in
/// `{1: 7, 8: 30}`.
void append_key(std::string& out, const std::string& key) {
  const auto whole = parse_integer(key);
  Node node = scalar_node(key);
  node.quoted = !whole || std::to_string(*whole) != key;
  append_scalar(out, node);
}

bool is_block(const Node& node) {
  return !node.items.empty() || !node.entries.empty();
}

void append_leaf(std::string& out, const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::scalar:
      append_scalar(out, node);
      return;
    case Node::Kind::sequence:
      out += "[]";
      return;
    case Node::Kind::mapping:
      out += "{}";
      return;
  }
}

/// Writes a collection whose first line begins where `out` ends and whose other lines begin with
/// `indent` blanks.
void append_block(std::string& out, const Node& node, std::size_t indent) {
  bool first = true;
  const auto begin_line = [&] {
    if (!first) out.append(indent, ' ');
    first = false;
  };
  for (const Node& item : node.items) {
    begin_line();
    out += "- ";
    if (is_block(item)) {
      append_block(out, item, indent + 2);
    } else {
      append_leaf(out, item);
      out += '\n';
    }
  }
  for (const Entry& entry : node.entries) {
    begin_line();
    append_key(out, entry.key);
    out += ':';
    if (is_block(entry.value)) {
      out += '\n';
      out.append(indent + 2, ' ');
      append_block(out, entry.value, indent + 2);
    } else {
      out += ' ';
      append_leaf(out, entry.value);
      out += '\n';
    }
  }
}

}  // namespace

std::string to_yaml(const Node& node) {
  std::string out;
  if (is_block(node)) {
    append_block(out, node, 0);
  } else {
    append_leaf(out, node);
    out += '\n';
  }
  return out;
}

}  // namespace orrery::base
