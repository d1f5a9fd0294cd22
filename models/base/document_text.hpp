// What the parts of the document module share: paths of values, characters, words of YAML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "models/base/document.hpp"

namespace orrery::base::detail {

/// Levels of collections that a document may have.
inline constexpr std::size_t kDeepest = 64;

/// `parent.key`, or `key` at the top.
std::string child_path(const std::string& parent, std::string_view key);
/// `parent[index]`.
std::string child_path(const std::string& parent, std::size_t index);

/// Gives `node` the path `path`, and all below it theirs.
void set_path(Node& node, const std::string& path);

/// The bytes of texts, keys and paths of `node` if its path had `path_size` bytes; stops counting
/// above `limit`.
std::size_t bytes_at(const Node& node, std::size_t path_size, std::size_t limit);

/// Levels of collections in `node`: 0 for a scalar.
std::size_t depth_of(const Node& node);

/// A character of UTF-8 text. Size 0: the bytes are malformed (overlong forms, surrogates and
/// values above U+10FFFF included), and `code` is the first of them.
struct Character {
  unsigned code = 0;
  std::size_t size = 0;  ///< bytes
};

/// The character that begins `text`, which is not empty.
Character first_character(std::string_view text);

/// Throws Error at the first byte that is not a printable UTF-8 character, tab or line end.
void check_characters(std::string_view text, const std::string& name);

/// Whether `text` is printable UTF-8, tabs and line ends only.
bool is_text(std::string_view text);

/// Where a line stands in the text and how many bytes of it are indentation: blanks, tabs, and
/// indicators of block style (`- `, `? `, `: `) before the first word. `line` counts from 0.
struct Indentation {
  std::size_t begin = 0;
  std::size_t size = 0;
};
Indentation indentation_of(std::string_view text, int line);

/// `~`, `null`, `Null`, `NULL`.
bool is_null_word(std::string_view text);

}  // namespace orrery::base::detail
