// Matrices stored row by row.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orrery::models::sparsity {

/// The place of an element in a matrix of `columns` columns.
inline std::size_t row_major(std::int32_t row, std::int32_t column, std::int32_t columns) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
         static_cast<std::size_t>(column);
}

}  // namespace orrery::models::sparsity
