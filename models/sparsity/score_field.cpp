#include "models/sparsity/score_field.hpp"

#include <cmath>

#include "models/base/random.hpp"

namespace orrery::models::sparsity {

std::vector<Scores> score_field(const std::vector<LayerShape>& shapes, std::uint64_t seed,
                                double sigma) {
  std::vector<Scores> layers;
  for (const LayerShape& shape : shapes) {
    base::RandomStream random(seed, "score field " + shape.name);
    const auto rows = static_cast<std::size_t>(shape.rows);
    const auto columns = static_cast<std::size_t>(shape.columns);
    std::vector<double> row_factors(rows);
    std::vector<double> column_factors(columns);
    for (double& factor : row_factors) factor = random.lognormal(0, sigma);
    for (double& factor : column_factors) factor = random.lognormal(0, sigma);
    Scores& layer = layers.emplace_back(Scores{shape.name, shape.rows, shape.columns, {}});
    layer.values.reserve(rows * columns);
    for (const double row_factor : row_factors)
      for (const double column_factor : column_factors)
        layer.values.push_back(
            static_cast<float>(std::abs(random.normal()) * row_factor * column_factor));
  }
  return layers;
}

}  // namespace orrery::models::sparsity
