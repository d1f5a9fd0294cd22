#include "models/base/tensor.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace orrery::base {

namespace {

template <class Word>
Word word_at(const char* bytes) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word); ++i)
    word = static_cast<Word>(word | static_cast<Word>(static_cast<unsigned char>(bytes[i]))
                                        << (8 * i));
  return word;
}

float from_half(std::uint16_t half) {
  constexpr std::uint32_t kInfinity = 0x1f;
  const std::uint32_t exponent = half >> 10 & 0x1fU;
  const std::uint32_t fraction = half & 0x3ffU;
  const float sign = (half & 0x8000U) != 0 ? -1.0F : 1.0F;
  if (exponent == kInfinity) return std::numeric_limits<float>::infinity();
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::bit_cast<float>((exponent + 112) << 23 | fraction << 13);
}

float number_at(const char* bytes, NumberType type) {
  switch (type) {
    case NumberType::float16:
      return from_half(word_at<std::uint16_t>(bytes));
    case NumberType::bfloat16:
      return std::bit_cast<float>(std::uint32_t{word_at<std::uint16_t>(bytes)} << 16);
    case NumberType::float32:
      return std::bit_cast<float>(word_at<std::uint32_t>(bytes));
    case NumberType::float64: {
      const double value = std::bit_cast<double>(word_at<std::uint64_t>(bytes));
      // Converting a double beyond the range of float is undefined.
      if (!(std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max())))
        return std::numeric_limits<float>::infinity();
      return static_cast<float>(value);
    }
  }
  return 0;
}

}  // namespace

std::size_t bytes_of(NumberType type) {
  switch (type) {
    case NumberType::float16:
    case NumberType::bfloat16:
      return 2;
    case NumberType::float32:
      return 4;
    case NumberType::float64:
      return 8;
  }
  return 0;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + ")";
}

std::optional<std::size_t> element_count(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t size : shape)
    if (__builtin_mul_overflow(count, size, &count)) return std::nullopt;
  return count;
}

std::optional<std::size_t> decode(std::string_view bytes, NumberType type, float* into) {
  const std::size_t width = bytes_of(type);
  for (std::size_t i = 0; i < bytes.size() / width; ++i) {
    into[i] = number_at(bytes.data() + i * width, type);
    if (!std::isfinite(into[i])) return i;
  }
  return std::nullopt;
}

std::string index_text(std::size_t index, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> place(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    place[d] = index % shape[d];
    index /= shape[d];
  }
  return shape_text(place);
}

}  // namespace orrery::base
