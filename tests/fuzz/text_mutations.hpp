// Mutations of texts made of words, numbers and lines: single bytes seldom leave a document valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orrery::fuzz {

/// The text changed in one place; `words` are put for words. The same seed makes the same change.
std::string mutated(const std::string& text, const std::vector<std::string>& words,
                    std::uint64_t seed);

}  // namespace orrery::fuzz
