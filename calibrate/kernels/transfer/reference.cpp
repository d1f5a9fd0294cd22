#include "calibrate/kernels/transfer/reference.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"

namespace orrery::calibrate::transfer {

std::byte sent_byte(std::size_t i) {
  return static_cast<std::byte>((i * 2654435761U >> 13) & 0xffU);
}

void fill_message(std::span<std::byte> message) {
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = sent_byte(i);
}

void require_arrived(std::string_view variant, std::span<const std::byte> received) {
  for (std::size_t i = 0; i < received.size(); ++i)
    if (received[i] != sent_byte(i))
      throw base::Error({},
                        fmt::format("transfer {}: byte {} of {} did not arrive as it was sent; "
                                    "nothing is timed",
                                    variant, i, received.size()),
                        base::Fault::run_failed);
}

}  // namespace orrery::calibrate::transfer
