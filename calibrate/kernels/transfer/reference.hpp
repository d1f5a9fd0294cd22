// What a message holds, and whether it arrived as it was sent.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace orrery::calibrate::transfer {

/// The byte at index i of every message: no two neighbouring words are equal.
std::byte sent_byte(std::size_t i);

/// Fills a message.
void fill_message(std::span<std::byte> message);

/// Throws base::Error naming the variant where a byte did not arrive as it was sent.
void require_arrived(std::string_view variant, std::span<const std::byte> received);

}  // namespace orrery::calibrate::transfer
