// Words at the beginning of a sentence.
#pragma once

#include <cctype>
#include <string>

namespace orrery::report {

/// The text with its first letter as a capital.
inline std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace orrery::report
