#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "calibrate/fit/linear_fit.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::transfer {

namespace {

// Where a message may become dearer or cheaper by the byte: where copying changes its instructions,
// the chunk of a ring or of a driver, a segment, a private cache, a last cache.
constexpr std::array<double, 8> kEdges{2048,   8192,    32768,   131072,
                                       524288, 2097152, 8388608, 33554432};

constexpr std::array<std::string_view, 3> kOrdinals{"first", "second", "third"};

/// None, one of each, two and three of each, ascending; the fewest first.
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

double bytes_of(const MeasuredPoint& point) {
  const auto value = models::find_number(point.point.features, "bytes");
  if (!value)
    throw base::Error({}, fmt::format("point {} has no feature 'bytes'", point.point.id),
                      base::Fault::run_failed);
  return *value;
}

LinearForm form_of(const std::vector<double>& edges, std::span<const MeasuredPoint> points) {
  LinearForm form{"start + bytes over a rate", {{"start_seconds", {}}}};
  for (std::size_t e = 0; e < edges.size(); ++e) {
    form.name += fmt::format("{} {:.0f} KiB", e == 0 ? ", others up to" : ",", edges[e] / 1024);
    form.terms.push_back({std::string(kOrdinals[e]) + "_bytes_per_second", {}});
  }
  form.terms.push_back({"bytes_per_second", {}});
  for (const MeasuredPoint& point : points) {
    const double bytes = bytes_of(point);
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

models::FittedCost fit_variant(const std::string& variant, std::span<const MeasuredPoint> points,
                               std::uint64_t seed) {
  std::vector<LinearForm> forms;
  std::vector<double> seconds;
  const std::vector<std::vector<double>> candidates = candidate_edges();
  for (const std::vector<double>& edges : candidates) forms.push_back(form_of(edges, points));
  for (const MeasuredPoint& point : points) seconds.push_back(point.seconds);
  const LinearFit fit = fit_linear(forms, seconds, seed);
  // First bytes that cost nothing beside the start have no rate.
  models::FittedCost cost = linear_cost("transfer", variant, forms, fit);
  const std::vector<double>& edges = candidates[fit.form];
  for (std::size_t e = 0; e < edges.size(); ++e)
    cost.constants.emplace_back(std::string(kOrdinals[e]) + "_bytes", edges[e]);
  if (!models::find_number(cost.coefficients, "bytes_per_second"))
    throw base::Error({},
                      fmt::format("too few large messages were measured for 'transfer' {}; "
                                  "give more --budget",
                                  variant),
                      base::Fault::run_failed);
  return cost;
}

}  // namespace

std::vector<models::FittedCost> fit_transfer(std::span<const MeasuredPoint> points,
                                             std::uint64_t seed) {
  std::map<std::string, std::vector<MeasuredPoint>> variants;
  for (const MeasuredPoint& point : points) variants[point.point.variant].push_back(point);
  if (variants.empty()) throw base::Error({}, "no point was measured", base::Fault::run_failed);
  std::vector<models::FittedCost> costs;
  for (auto& [variant, mine] : variants) {
    std::sort(mine.begin(), mine.end(), [](const MeasuredPoint& a, const MeasuredPoint& b) {
      return bytes_of(a) < bytes_of(b);
    });
    costs.push_back(fit_variant(variant, mine, seed));
  }
  return costs;
}

}  // namespace orrery::calibrate::transfer
