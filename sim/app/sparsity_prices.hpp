// What the products of pruned weights cost on a device, for `orrery sparsity`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/sparsity/prune.hpp"
#include "models/training/product_prices.hpp"

namespace orrery::app {

/// `--profile`, `--device` and `--tokens` as given.
struct PriceArguments {
  std::string profile;
  std::string device;
  std::optional<std::int64_t> tokens;
};

/// A device's prices and what they rest on.
struct SparsityPrices {
  std::shared_ptr<const models::ProductPrices> products;
  std::int64_t tokens = 0;
  std::string basis;  ///< `a100-40g for 4096 tokens, by profile ...`
};

/// Of a layer's product, or of those of all layers.
struct ProductPrice {
  double seconds = 0;
  double dense_seconds = 0;
  double moved_bytes = 0;  ///< between memory and processor, re-reads included
  double kept_flops = 0;   ///< useful operations

  void add(const ProductPrice& other);
};

/// Nothing where neither a profile nor a device is named. Throws base::Error for a device that
/// nobody knows, a profile of another device or without matrix products, and tokens out of range.
std::optional<SparsityPrices> sparsity_prices(const PriceArguments& arguments);

/// One pruned layer of a rows x columns matrix. Tiles run as they were cut; BW likewise, in the
/// order of its blocks; EW and VW run in CSR, having no kernel of their own; the overlay of TEW
/// is a second product in CSR (the last two are ours).
ProductPrice price_of(const models::sparsity::PrunedLayer& layer, models::sparsity::Pattern pattern,
                      const SparsityPrices& prices);

/// The head and a row of the table of prices.
std::string price_heading(const SparsityPrices& prices);
std::string price_line(const std::string& name, const ProductPrice& price);

}  // namespace orrery::app
