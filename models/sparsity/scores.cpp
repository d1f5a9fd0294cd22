#include "models/sparsity/scores.hpp"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <utility>

namespace orrery::models::sparsity {

LayerShape convolution_shape(std::string name, std::int32_t height, std::int32_t width,
                             std::int32_t input_channels, std::int32_t output_channels) {
  if (height < 1 || width < 1 || input_channels < 1 || output_channels < 1)
    throw std::invalid_argument("a convolution with a size below 1");
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const std::int64_t window = std::int64_t{height} * width;
  if (window > kMost || window * input_channels > kMost)
    throw std::invalid_argument("a convolution with more than 2^31 - 1 rows");
  return {std::move(name), static_cast<std::int32_t>(window * input_channels), output_channels};
}

std::vector<LayerShape> bert_base_shapes() {
  constexpr std::int32_t kHidden = 768;
  constexpr std::int32_t kInner = 3072;
  std::vector<LayerShape> shapes;
  for (int layer = 0; layer < 12; ++layer) {
    for (const char* part : {"query", "key", "value", "output"})
      shapes.push_back({fmt::format("layer{}.{}", layer, part), kHidden, kHidden});
    shapes.push_back({fmt::format("layer{}.up", layer), kHidden, kInner});
    shapes.push_back({fmt::format("layer{}.down", layer), kInner, kHidden});
  }
  return shapes;
}

}  // namespace orrery::models::sparsity
