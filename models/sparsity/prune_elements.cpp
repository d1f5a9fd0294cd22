// EW, VW, BW and the element overlay of TEW.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/sparsity/prune_steps.hpp"
#include "models/sparsity/prune_threshold.hpp"

namespace orrery::models::sparsity {

namespace {

/// floor((1 - s) * length), safe against 1 - s being a little less than it should be.
std::int32_t kept_of(std::int32_t length, double sparsity) {
  constexpr double kRounding = 1e-9;
  return static_cast<std::int32_t>(std::floor((1 - sparsity) * length + kRounding));
}

void keep_largest(const Scores& layer, std::int32_t first, std::int32_t column, std::int32_t length,
                  std::int32_t keep, std::vector<std::int32_t>& order, Mask& mask) {
  order.resize(static_cast<std::size_t>(length));
  std::iota(order.begin(), order.end(), first);
  const auto larger = [&](std::int32_t a, std::int32_t b) {
    const float x = layer.row(a)[column];
    const float y = layer.row(b)[column];
    return x > y || (x == y && a < b);
  };
  if (keep < length) std::nth_element(order.begin(), order.begin() + keep, order.end(), larger);
  for (std::int32_t i = 0; i < keep; ++i) mask.row(order[static_cast<std::size_t>(i)])[column] = 1;
}

/// L2 norms of the blocks of one layer, block row after block row.
std::vector<double> block_norms(const Scores& layer, std::int32_t size) {
  const std::int32_t across = (layer.columns - 1) / size + 1;
  const std::int32_t down = (layer.rows - 1) / size + 1;
  std::vector<double> sums(static_cast<std::size_t>(down) * static_cast<std::size_t>(across));
  for (std::int32_t k = 0; k < layer.rows; ++k) {
    const float* row = layer.row(k);
    double* into = sums.data() + static_cast<std::ptrdiff_t>(k / size) * across;
    for (std::int32_t n = 0; n < layer.columns; ++n)
      into[n / size] += static_cast<double>(row[n]) * row[n];
  }
  for (double& sum : sums) sum = std::sqrt(sum);
  return sums;
}

PrunedLayer keep_blocks(const Scores& layer, const std::vector<double>& norms, std::int32_t size,
                        double threshold) {
  PrunedLayer pruned{Mask(layer.rows, layer.columns, false), TileLayout{}};
  pruned.layout->rows = layer.rows;
  pruned.layout->columns = layer.columns;
  const std::int32_t across = (layer.columns - 1) / size + 1;
  for (std::int32_t block = 0; block < across; ++block) {
    Panel panel;
    const std::int32_t end = std::min(layer.columns - block * size, size) + block * size;
    for (std::int32_t n = block * size; n < end; ++n) panel.columns.push_back(n);
    for (std::int32_t k = 0; k < layer.rows; ++k) {
      const auto unit = static_cast<std::size_t>(k / size) * static_cast<std::size_t>(across) +
                        static_cast<std::size_t>(block);
      if (!(norms[unit] > threshold)) continue;
      panel.rows.push_back(k);
      std::uint8_t* row = pruned.mask.row(k);
      for (const std::int32_t n : panel.columns) row[n] = 1;
    }
    if (!panel.rows.empty()) pruned.layout->panels.push_back(std::move(panel));
  }
  return pruned;
}

}  // namespace

std::vector<PrunedLayer> prune_elements(const std::vector<Scores>& layers, double sparsity) {
  const double threshold = prune_threshold_of_elements(layers, sparsity);
  std::vector<PrunedLayer> pruned;
  for (const Scores& layer : layers) {
    Mask mask(layer.rows, layer.columns, false);
    for (std::size_t i = 0; i < mask.kept.size(); ++i)
      mask.kept[i] = static_cast<double>(layer.values[i]) > threshold ? 1 : 0;
    pruned.push_back({std::move(mask), std::nullopt});
  }
  return pruned;
}

std::vector<PrunedLayer> prune_vectors(const std::vector<Scores>& layers, double sparsity,
                                       std::int32_t vector_length) {
  std::vector<PrunedLayer> pruned;
  std::vector<std::int32_t> order;
  for (const Scores& layer : layers) {
    Mask mask(layer.rows, layer.columns, false);
    for (std::int64_t first = 0; first < layer.rows; first += vector_length) {
      const auto start = static_cast<std::int32_t>(first);
      const std::int32_t length = std::min(vector_length, layer.rows - start);
      const std::int32_t keep = kept_of(length, sparsity);
      for (std::int32_t n = 0; n < layer.columns; ++n)
        keep_largest(layer, start, n, length, keep, order, mask);
    }
    pruned.push_back({std::move(mask), std::nullopt});
  }
  return pruned;
}

std::vector<PrunedLayer> prune_blocks(const std::vector<Scores>& layers, double sparsity,
                                      std::int32_t block_size) {
  std::vector<std::vector<double>> norms;
  std::vector<double> all;
  for (const Scores& layer : layers) {
    const auto& added = norms.emplace_back(block_norms(layer, block_size));
    all.insert(all.end(), added.begin(), added.end());
  }
  const double threshold = prune_threshold(std::move(all), sparsity);
  std::vector<PrunedLayer> pruned;
  for (std::size_t l = 0; l < layers.size(); ++l)
    pruned.push_back(keep_blocks(layers[l], norms[l], block_size, threshold));
  return pruned;
}

void restore_elements(const std::vector<Scores>& layers, double overlay,
                      std::vector<PrunedLayer>& pruned) {
  if (overlay <= 0) return;
  std::vector<const Mask*> lowered;
  lowered.reserve(pruned.size());
  for (const PrunedLayer& layer : pruned) lowered.push_back(&layer.mask);
  const double threshold = prune_threshold_of_elements(layers, 1 - overlay, lowered);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    std::vector<std::uint8_t>& kept = pruned[l].mask.kept;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (static_cast<double>(layers[l].values[i]) > threshold) kept[i] = 1;
  }
}

}  // namespace orrery::models::sparsity
