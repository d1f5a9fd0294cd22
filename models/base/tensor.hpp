// Arrays of numbers as weight files hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::base {

/// Kinds of floating-point numbers that we read; all become float.
enum class NumberType { float16, bfloat16, float32, float64 };

std::size_t bytes_of(NumberType type);

/// Files with more dimensions are refused.
inline constexpr std::size_t kMostDimensions = 8;

/// Values in C order: the last index runs fastest. `values.size()` is the product of `shape`.
struct Tensor {
  std::string name;  ///< empty where the file has no names
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

/// "(3, 4)".
std::string shape_text(const std::vector<std::size_t>& shape);

/// Product of the sizes; nullopt where it does not fit. 1 for no dimensions.
std::optional<std::size_t> element_count(const std::vector<std::size_t>& shape);

/// Little-endian numbers to floats (doubles are rounded). `bytes` is a whole number of them. Stops
/// at the first that is not finite as a float and gives its index; nullopt when all were read.
std::optional<std::size_t> decode(std::string_view bytes, NumberType type, float* into);

/// `(2, 7)` for the element of number `index` in C order.
std::string index_text(std::size_t index, const std::vector<std::size_t>& shape);

}  // namespace orrery::base
