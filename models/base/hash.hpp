// Hashes: SHA-256 for what people compare, a fast mixer for seeds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orrery::base {

/// SHA-256 of the bytes, as 64 lower-case hexadecimal digits (what `sha256sum` prints).
std::string sha256_hex(std::string_view bytes);

/// FNV-1a of the bytes, finished by SplitMix64: stable across machines and versions.
std::uint64_t mix_hash(std::string_view bytes);

/// One SplitMix64 step of `x`.
std::uint64_t split_mix(std::uint64_t x);

}  // namespace orrery::base
