// GPU slots of a node as text: `0-3;6`.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

namespace orrery::report {

/// Bit i of `slots` is GPU i; ranges in ascending order, joined by ';'.
inline std::string slots_text(std::uint64_t slots) {
  std::string out;
  while (slots != 0) {
    const int first = std::countr_zero(slots);
    const int length = std::countr_one(slots >> first);
    if (!out.empty()) out += ';';
    out += std::to_string(first);
    if (length > 1) out += '-' + std::to_string(first + length - 1);
    if (first + length >= 64) break;
    slots &= ~std::uint64_t{0} << (first + length);
  }
  return out;
}

}  // namespace orrery::report
