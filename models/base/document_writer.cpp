#include <array>
#include <cctype>
#include <string_view>

#include "models/base/document.hpp"
#include "models/base/document_text.hpp"
#include "models/base/numbers.hpp"

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
  if (text.empty() || detail::is_null_word(text) || text == "<<") return false;
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

/// Whether the text without quotes is read as something else than text.
bool plain_has_type(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kWords = {"true",  "True",  "TRUE", "false",
                                                              "False", "FALSE", ".inf", ".Inf",
                                                              ".INF",  ".nan",  ".NaN", ".NAN"};
  for (const std::string_view word : kWords) {
    if (text == word) return true;
  }
  return parse_double(text).has_value() || text.starts_with("0x") || text.starts_with("0o");
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c < 0x20 || c == 0x7F) {
      out += "\\x";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    } else {
      out += text[i];
    }
  }
  out += '"';
}

void append_scalar(std::string& out, const std::string& text, bool quoted) {
  if (plain_is_safe(text) && !(quoted && plain_has_type(text))) {
    out += text;
  } else {
    append_quoted(out, text);
  }
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
      append_scalar(out, node.text, node.quoted);
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
    append_scalar(out, entry.key, false);
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
