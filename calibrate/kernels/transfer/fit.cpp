#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "calibrate/fit/by_variant.hpp"
#include "calibrate/fit/linear_fit.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::transfer {

namespace {

// Where a message may become dearer or cheaper by the byte: where copying changes its instructions,
// the chunk of a ring or of a driver, a segment, a private cache, a last cache.
constexpr std::array<double, 11> kEdges{512,    2048,    4096,    8192,    32768,   131072,
                                        524288, 1048576, 2097152, 8388608, 33554432};

constexpr std::array<std::string_view, 4> kOrdinals{"first", "second", "third", "fourth"};

/// None, one of each, two, three and four of each, ascending; the fewest first.
std::vector<std::vector<double>> candidate_edges() {
  std::vector<std::vector<double>> all{{}};
  std::size_t begin = 0;
  for (std::size_t count = 1; count <= kOrdinals.size(); ++count) {
    const std::size_t end = all.size();
    for (std::size_t i = begin; i < end; ++i)
      for (const double edge : kEdges)
        if (all[i].empty() || edge > all[i].back()) {
          all.push_back(all[i]);
          all.back().push_back(edge);
        }
    begin = end;
  }
  return all;
}

LinearForm form_of(const std::vector<double>& edges, std::span<const MeasuredPoint> points) {
  LinearForm form{"start + bytes over a rate", {{"start_seconds", {}}}};
  for (std::size_t e = 0; e < edges.size(); ++e) {
    form.name += fmt::format("{} {} KiB", e == 0 ? ", others up to" : ",", edges[e] / 1024);
    form.terms.push_back({std::string(kOrdinals[e]) + "_bytes_per_second", {}});
  }
  form.terms.push_back({"bytes_per_second", {}});
  for (const MeasuredPoint& point : points) {
    const double bytes = feature_of(point, "bytes");
    double begin = 0;
    form.terms.front().values.push_back(1);
    for (std::size_t e = 0; e < edges.size(); ++e) {
      form.terms[e + 1].values.push_back(std::clamp(bytes - begin, 0.0, edges[e] - begin));
      begin = edges[e];
    }
    form.terms.back().values.push_back(std::max(bytes - begin, 0.0));
  }
  return form;
}

VariantFit fit_variant(const std::string& variant, std::span<const MeasuredPoint> points,
                       std::uint64_t seed) {
  std::vector<LinearForm> forms;
  const std::vector<std::vector<double>> candidates = candidate_edges();
  for (const std::vector<double>& edges : candidates) forms.push_back(form_of(edges, points));
  LinearFit fit = fit_linear(forms, seconds_of(points), seed);
  const std::vector<double>& edges = candidates[fit.form];
  // First bytes that cost nothing beside the start have no rate.
  VariantFit fitted = linear_cost("transfer", variant, forms, std::move(fit));
  models::FittedCost& cost = fitted.cost;
  for (std::size_t e = 0; e < edges.size(); ++e)
    cost.constants.emplace_back(std::string(kOrdinals[e]) + "_bytes", edges[e]);
  if (!models::find_number(cost.coefficients, "bytes_per_second"))
    throw base::Error({},
                      fmt::format("too few large messages were measured for 'transfer' {}; "
                                  "give more --budget",
                                  variant),
                      base::Fault::run_failed);
  return fitted;
}

}  // namespace

std::vector<models::FittedCost> fit_transfer(std::span<const MeasuredPoint> points,
                                             std::uint64_t seed) {
  return fit_by_variant(
      points, [](const MeasuredPoint& point) { return point.point.variant; },
      [&](const std::string& variant, std::span<const MeasuredPoint> mine) {
        return fit_variant(variant, mine, seed);
      });
}

}  // namespace orrery::calibrate::transfer
