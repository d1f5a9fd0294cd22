#include "sim/app/sparsity_prices.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/base/error.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"
#include "models/training/profile_costs.hpp"
#include "sim/app/refuse_option.hpp"

namespace orrery::app {

namespace {

namespace sp = models::sparsity;
namespace gemm = models::gemm;
using base::Error;

std::int64_t tokens_of(const PriceArguments& a) {
  constexpr std::int64_t kUsual = 4096;
  constexpr std::int64_t kMost = 1'000'000'000;
  const std::int64_t tokens = a.tokens.value_or(kUsual);
  if (tokens < 1 || tokens > kMost)
    refuse_option("--tokens", fmt::format("found {}, expected 1 to {}", tokens, kMost));
  return tokens;
}

SparsityPrices by_profile(const PriceArguments& a) {
  const models::ProfileFile file = models::read_profile(a.profile);
  const std::string& device = file.profile.device;
  if (!a.device.empty() && !models::same_device(a.device, device))
    refuse_option("--profile", fmt::format("'{}' is a profile of {}, expected one of {} (--device)",
                                           a.profile, device, a.device));
  SparsityPrices prices;
  prices.products = models::product_prices(file);
  if (prices.products == nullptr)
    throw Error({a.profile, 0, 0, ""}, "has no gemm costs, expected those of matrix products");
  prices.tokens = tokens_of(a);
  const models::ProfileUse use = models::profile_use(file);
  prices.basis =
      fmt::format("{} for {} tokens, by {}{}", device, prices.tokens, to_text(use),
                  use.pruned_measured ? "" : "; what pruned products lose there is a usual value");
  return prices;
}

SparsityPrices by_data_sheet(const PriceArguments& a) {
  const models::GpuType* gpu = models::find_gpu(a.device);
  if (gpu == nullptr) {
    const auto near = models::suggest_gpus(a.device);
    refuse_option(
        "--device",
        "no device is called '" + a.device + "'" +
            (near.empty()
                 ? "; 'orrery list gpus' shows those with data sheets, --profile "
                   "takes any"
                 : "; did you mean '" + fmt::format("{}", fmt::join(near, "' or '")) + "'?"));
  }
  SparsityPrices prices;
  prices.products = models::data_sheet_costs(*gpu).products;
  prices.tokens = tokens_of(a);
  prices.basis =
      fmt::format("{} for {} tokens, uncalibrated: by its data sheet", gpu->name, prices.tokens);
  return prices;
}

std::size_t covered(const sp::TileLayout& layout) {
  std::size_t sum = 0;
  for (const sp::Panel& panel : layout.panels) sum += panel.rows.size() * panel.columns.size();
  return sum;
}

gemm::GemmWork csr(const sp::Mask& mask, std::int64_t tokens, double kept) {
  gemm::GemmWork work = gemm::csr_work({tokens, mask.columns, mask.rows}, 0);
  work.kept = kept;
  return work;
}

}  // namespace

void ProductPrice::add(const ProductPrice& other) {
  seconds += other.seconds;
  dense_seconds += other.dense_seconds;
  moved_bytes += other.moved_bytes;
  kept_flops += other.kept_flops;
}

std::optional<SparsityPrices> sparsity_prices(const PriceArguments& arguments) {
  if (!arguments.profile.empty()) return by_profile(arguments);
  if (!arguments.device.empty()) return by_data_sheet(arguments);
  if (arguments.tokens) refuse_option("--tokens", "needs a device; expected --profile or --device");
  return std::nullopt;
}

ProductPrice price_of(const sp::PrunedLayer& layer, sp::Pattern pattern,
                      const SparsityPrices& prices) {
  const sp::Mask& mask = layer.mask;
  const gemm::GemmShape shape{prices.tokens, mask.columns, mask.rows};
  const auto elements = static_cast<double>(mask.rows) * mask.columns;
  const double kept = 1 - sp::sparsity_of(mask);
  ProductPrice price;
  price.dense_seconds = prices.products->price(gemm::dense_work(shape)).seconds;
  price.kept_flops = 2 * static_cast<double>(prices.tokens) * elements * kept;
  const auto run = [&](const gemm::GemmWork& work) {
    const gemm::GemmCost cost = prices.products->price(work);
    price.seconds += cost.seconds;
    price.moved_bytes += cost.traffic.bytes();
  };
  if (!layer.layout) {
    run(csr(mask, prices.tokens, kept));
    return price;
  }
  gemm::GemmWork tiles = gemm::tile_work(*layer.layout, prices.tokens);
  if (pattern == sp::Pattern::bw) tiles.kernel = gemm::GemmKernel::bw;
  run(tiles);
  const bool overlay = pattern == sp::Pattern::tw1m || pattern == sp::Pattern::tw2m;
  const double beside = kept - static_cast<double>(covered(*layer.layout)) / elements;
  if (overlay && beside > 0) run(csr(mask, prices.tokens, beside));
  return price;
}

std::string price_heading(const SparsityPrices& prices) {
  return fmt::format("\nprices on {}\n{:<28} {:>11} {:>11} {:>10} {:>11} {:>14}\n", prices.basis,
                     "pattern", "dense us", "pruned us", "speed", "MB moved", "useful Gflop/s");
}

std::string price_line(const std::string& name, const ProductPrice& price) {
  constexpr double kMicro = 1e6;
  return fmt::format("{:<28} {:>11.1f} {:>11.1f} {:>9.2f}x {:>11.2f} {:>14.1f}\n", name,
                     kMicro * price.dense_seconds, kMicro * price.seconds,
                     price.dense_seconds / price.seconds, price.moved_bytes / 1e6,
                     price.kept_flops / price.seconds / 1e9);
}

}  // namespace orrery::app
