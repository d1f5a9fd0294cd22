// What one launch has to do: bands of outputs, longest reduction first, each over all token tiles.
#pragma once

#include <cstdint>

#include "calibrate/kernels/gemm/cuda/tile_shape.hpp"

namespace orrery::calibrate::gemm_cuda {

/// At most `outputs` columns of one panel. A band without rows writes zeros: so are pruned outputs
/// filled in the same launch.
struct Band {
  std::int64_t values = 0;    ///< first 16-bit number of its values
  std::int64_t metadata = 0;  ///< first word of its metadata
  std::int32_t rows = 0;      ///< first entry in the table of rows; padded to whole stages
  std::int32_t columns = 0;   ///< first entry in the table of columns; `outputs` of them
  std::int32_t kept = 0;      ///< K_i: rows of X that are read
  std::int32_t stages = 0;    ///< K_i in whole stages
};

struct WorkItem {
  std::int32_t band = 0;
  std::int64_t token = 0;  ///< first of its tile's
};

ORRERY_HOST_DEVICE constexpr std::int64_t token_tiles(std::int64_t tokens,
                                                      std::int64_t of = tile_tokens) {
  return (tokens + of - 1) / of;
}

/// Item `ticket` of bands.size() * token_tiles, with tiles `of` so many tokens: bands stand in
/// descending K_i, so blocks that draw tickets one after the other follow the
/// longest-processing-time rule.
ORRERY_HOST_DEVICE constexpr WorkItem work_item(std::int64_t ticket, std::int64_t tiles,
                                                std::int64_t of = tile_tokens) {
  return {static_cast<std::int32_t>(ticket / tiles), ticket % tiles * of};
}

/// True for the last ticket of a launch: each of `blocks` blocks draws one that is void, and the
/// block with the last puts the counter back to zero for the next launch.
ORRERY_HOST_DEVICE constexpr bool last_ticket(std::int64_t ticket, std::int64_t items,
                                              std::int64_t blocks) {
  return ticket == items + blocks - 1;
}

}  // namespace orrery::calibrate::gemm_cuda
