#include "models/zoo/convolution.hpp"

namespace orrery::models {

namespace {

/// Adds up the convolutions of a layer.
class BlockCosts {
 public:
  explicit BlockCosts(double bytes_per_element) : bytes_(bytes_per_element) {}

  /// A k x k convolution from `in` to `out` channels on `in_pixels` -> `out_pixels`, with its
  /// normalisation. Its output is kept twice, before and after normalisation, and is divided among
  /// tensor-parallel ranks where `divided`.
  void convolution(double k, double in, double out, double in_pixels, double out_pixels,
                   bool divided) {
    const double weights = k * k * in * out;
    layer_.forward_flops += 2 * weights * out_pixels;
    layer_.products.push_back({.rows = out_pixels,
                               .outputs = out,
                               .depth = k * k * in,
                               .cut = divided ? ProductCut::outputs : ProductCut::depth});
    layer_.traffic_bytes += bytes_ * (in * in_pixels + out * out_pixels);
    layer_.parameters += weights + 2 * out;
    layer_.statistics_bytes += 2 * bytes_ * out;
    ++layer_.statistics_all_reduces;  // mean and variance together
    (divided ? layer_.kept_sharded_bytes : layer_.kept_replicated_bytes) +=
        2 * bytes_ * out * out_pixels;
  }

  Layer finish(double input, double output) {
    layer_.kind = LayerKind::convolution;
    layer_.input_bytes = bytes_ * input;
    layer_.output_bytes = bytes_ * output;
    return layer_;
  }

  Layer& layer() { return layer_; }

 private:
  double bytes_;
  Layer layer_;
};

/// A residual block. The inner channels are divided among tensor-parallel ranks: the first
/// convolution by outputs, the others by inputs, so that their outputs are summed up. A bottleneck
/// scatters both sums, which is worth one all-reduce of their mean: INFERRED from the artifact's
/// estimated_breakdown, whose collectives have that volume within a tenth.
Layer residual_block(const ResidualShape& s, double in, double c, double in_pixels,
                     double out_pixels) {
  const double out = s.bottleneck ? 4 * c : c;
  const double wide = s.bottleneck ? c * s.width_factor : c;
  BlockCosts block(s.bytes_per_element);
  if (s.bottleneck) {
    block.convolution(1, in, c, in_pixels, in_pixels, true);
    block.convolution(3, c, wide, in_pixels, out_pixels, true);
    block.convolution(1, wide, out, out_pixels, out_pixels, false);
  } else {
    block.convolution(3, in, c, in_pixels, out_pixels, true);
    block.convolution(3, c, c, out_pixels, out_pixels, false);
  }
  if (in != out || in_pixels != out_pixels)
    block.convolution(1, in, out, in_pixels, out_pixels, false);
  Layer& layer = block.layer();
  layer.all_reduces = 1;
  layer.all_reduce_bytes =
      s.bytes_per_element * out_pixels * (s.bottleneck ? (wide + out) / 2 : out);
  return block.finish(in * in_pixels, out * out_pixels);
}

}  // namespace

std::vector<Layer> residual_layers(const ResidualShape& s) {
  std::vector<Layer> layers;
  double side = s.small_stem ? s.image : s.image / 2;
  BlockCosts stem(s.bytes_per_element);
  stem.convolution(s.small_stem ? 3 : 7, 3, s.channels, s.image * s.image, side * side, false);
  if (!s.small_stem) side /= 2;
  layers.push_back(stem.finish(3 * s.image * s.image, s.channels * side * side));

  double in = s.channels;
  double c = s.channels;
  for (std::size_t group = 0; group < s.blocks.size(); ++group) {
    for (int block = 0; block < s.blocks[group]; ++block) {
      const bool halves = group > 0 && block == 0;
      const double in_pixels = side * side;
      if (halves) side /= 2;
      layers.push_back(residual_block(s, in, c, in_pixels, side * side));
      in = s.bottleneck ? 4 * c : c;
    }
    c *= 2;
  }

  Layer head;
  head.kind = LayerKind::head;
  head.forward_flops = 2 * in * s.classes;
  head.products = {
      {.rows = 1, .outputs = s.classes, .depth = in, .role = ProductRole::intact_weights}};
  head.traffic_bytes = s.bytes_per_element * (in * side * side + s.classes);
  head.parameters = (in + 1) * s.classes;
  head.input_bytes = s.bytes_per_element * in * side * side;
  head.kept_replicated_bytes = s.bytes_per_element * in;
  layers.push_back(head);
  return layers;
}

}  // namespace orrery::models
