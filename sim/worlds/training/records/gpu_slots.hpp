// GPU slots of a node as text: `0-3;6`.
#pragma once

#include <cstdint>
#include <string>

namespace orrery::training {

/// Bit i of `slots` is GPU i; ranges in ascending order, joined by ';'.
inline std::string slots_text(std::uint64_t slots) {
  const auto has = [slots](int slot) { return (slots >> slot & 1) != 0; };
  std::string out;
  for (int first = 0; first < 64; ++first) {
    if (!has(first)) continue;
    int last = first;
    while (last < 63 && has(last + 1)) ++last;
    if (!out.empty()) out += ';';
    out += std::to_string(first);
    if (last > first) out += '-' + std::to_string(last);
    first = last;
  }
  return out;
}

}  // namespace orrery::training
