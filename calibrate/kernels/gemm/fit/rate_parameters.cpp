#include "calibrate/kernels/gemm/fit/rate_parameters.hpp"

#include <algorithm>
#include <cassert>

#include "models/base/portable_math.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

using models::gemm::KernelRates;
using models::gemm::TileOrder;

constexpr std::size_t kBaseParameters = 7;

/// Takes the components of z one after the other.
class Components {
 public:
  explicit Components(const std::vector<double>& z) : z_(z) {}

  /// centre * exp(width * z).
  double positive(double centre, double width) {
    return centre * base::portable_exp(width * next());
  }

  /// In (least, most), `centre` at z = 0; one z moves the log odds by `width`.
  double fraction(double centre, double width, double least, double most) {
    const double odds = (centre - least) / (most - centre) *
                        base::portable_exp(std::clamp(width * next(), -kFarthest, kFarthest));
    return least + (most - least) * odds / (1 + odds);
  }

  bool all_taken() const { return taken_ == z_.size(); }

 private:
  static constexpr double kFarthest = 30;
  double next() { return std::clamp(z_[taken_++], -kFarthest, kFarthest); }

  const std::vector<double>& z_;
  std::size_t taken_ = 0;
};

/// Strips are never cut along K.
std::size_t latency_parameters(const GemmForm& form) {
  if (!form.latency) return 0;
  return form.order == TileOrder::strips ? 1 : 2;
}

}  // namespace

std::string to_string(const GemmForm& form) {
  std::string text = "tile model";
  if (form.gather) text += " + gather";
  if (form.cache) text += " + cache";
  if (form.latency) text += " + latency";
  if (form.throttle) text += " + throttle";
  if (form.order == TileOrder::blocks) text += ", tiles in blocks";
  if (form.order == TileOrder::strips) text += ", strips of tokens";
  return text;
}

RatePriors usual_rates(double peak_flops_per_second) {
  RatePriors priors;
  priors.peak_flops_per_second = peak_flops_per_second;
  priors.centre.flops_per_second = 0.8 * peak_flops_per_second;
  priors.centre.cache_speedup = 1.8;
  priors.centre.row_seconds = 1e-9;
  priors.centre.split_seconds = 1e-6;
  priors.centre.throttle_depth = 0.15;
  priors.centre.throttle_seconds = 1e-3;
  return priors;
}

std::size_t free_parameters(const GemmForm& form) {
  return kBaseParameters + (form.cache ? 1 : 0) + latency_parameters(form) +
         (form.throttle ? 2 : 0) + (form.gather ? 1 : 0);
}

KernelRates rates_at(const std::vector<double>& z, const GemmForm& form, const RatePriors& priors) {
  assert(z.size() == free_parameters(form));
  const KernelRates& c = priors.centre;
  Components next(z);
  KernelRates rates = c;
  rates.start_seconds = next.positive(c.start_seconds, 0.4);
  rates.flops_per_second = next.fraction(c.flops_per_second, 1, 0.1 * priors.peak_flops_per_second,
                                         1.05 * priors.peak_flops_per_second);
  for (std::size_t i = 1; i < rates.tile_efficiency.size(); ++i)
    rates.tile_efficiency[i] = next.fraction(c.tile_efficiency[i], 1, 0.1, 1);
  rates.bandwidth_fraction = next.fraction(c.bandwidth_fraction, 0.7, 0.1, 1);
  rates.fill_rows = next.positive(c.fill_rows, 1);
  rates.cache_speedup = 1 + (form.cache ? next.positive(c.cache_speedup - 1, 0.7) : 0);
  rates.row_seconds = form.latency ? next.positive(c.row_seconds, 0.7) : 0;
  rates.split_seconds = latency_parameters(form) > 1 ? next.positive(c.split_seconds, 0.7) : 0;
  rates.throttle_depth = form.throttle ? next.positive(c.throttle_depth, 0.7) : 0;
  if (form.throttle) rates.throttle_seconds = next.positive(c.throttle_seconds, 1);
  if (form.gather) rates.gather_efficiency = next.fraction(c.gather_efficiency, 1, 0.1, 1);
  assert(next.all_taken());
  return rates;
}

}  // namespace orrery::calibrate::gemm::fit
