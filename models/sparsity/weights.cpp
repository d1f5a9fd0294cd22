#include "models/sparsity/weights.hpp"

#include <cmath>
#include <limits>

#include "models/base/error.hpp"

namespace orrery::models::sparsity {

namespace {

std::int32_t size_of(std::size_t size, const base::Tensor& tensor, const std::string& file) {
  if (size < 1 || size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw base::Error({file, 0, 0, tensor.name},
                      "has the shape " + base::shape_text(tensor.shape) +
                          ", which is not a matrix of 1 to 2^31 - 1 rows and columns");
  return static_cast<std::int32_t>(size);
}

}  // namespace

Scores magnitudes(const base::Tensor& tensor, WeightLayout layout, const std::string& file) {
  const std::vector<std::size_t>& shape = tensor.shape;
  if (shape.size() != 2 && shape.size() != 4)
    throw base::Error({file, 0, 0, tensor.name},
                      "has the shape " + base::shape_text(shape) +
                          ", expected a matrix or a convolution of four dimensions");
  const bool outputs_first = layout == WeightLayout::outputs_first;
  const std::size_t outputs = outputs_first ? shape.front() : shape.back();
  const std::size_t rows = outputs == 0 ? 0 : tensor.values.size() / outputs;
  Scores scores{tensor.name, size_of(rows, tensor, file), size_of(outputs, tensor, file), {}};
  scores.values.resize(tensor.values.size());
  if (!outputs_first) {
    for (std::size_t i = 0; i < tensor.values.size(); ++i)
      scores.values[i] = std::abs(tensor.values[i]);
    return scores;
  }
  const std::size_t channels = shape[1];
  const std::size_t window = rows / channels;
  std::size_t next = 0;
  for (std::size_t n = 0; n < outputs; ++n)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t place = 0; place < window; ++place)
        scores.values[(place * channels + channel) * outputs + n] = std::abs(tensor.values[next++]);
  return scores;
}

}  // namespace orrery::models::sparsity
