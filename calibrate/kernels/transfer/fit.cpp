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

/// Bytes up to the first edge, from there to the next, and beyond; 0 where there is no such edge.
struct Edges {
  double first = 0;
  double next = 0;
};

/// None, one of each, two of each; the simplest first.
std::vector<Edges> candidate_edges() {
  std::vector<Edges> all{{}};
  for (const double first : kEdges) all.push_back({first, 0});
  for (std::size_t a = 0; a < kEdges.size(); ++a)
    for (std::size_t b = a + 1; b < kEdges.size(); ++b) all.push_back({kEdges[a], kEdges[b]});
  return all;
}

double bytes_of(const MeasuredPoint& point) {
  const auto value = models::find_number(point.point.features, "bytes");
  if (!value)
    throw base::Error({}, fmt::format("point {} has no feature 'bytes'", point.point.id),
                      base::Fault::run_failed);
  return *value;
}

LinearForm form_of(const Edges& edges, std::span<const MeasuredPoint> points) {
  LinearTerm start{"start_seconds", {}};
  LinearTerm first{"first_bytes_per_second", {}};
  LinearTerm next{"next_bytes_per_second", {}};
  LinearTerm rest{"bytes_per_second", {}};
  const double last_edge = std::max(edges.first, edges.next);
  for (const MeasuredPoint& point : points) {
    const double bytes = bytes_of(point);
    start.values.push_back(1);
    first.values.push_back(std::min(bytes, edges.first));
    next.values.push_back(std::clamp(bytes - edges.first, 0.0, last_edge - edges.first));
    rest.values.push_back(std::max(bytes - last_edge, 0.0));
  }
  LinearForm form{"start + bytes over a rate", {start, rest}};
  if (edges.first > 0) {
    form.name += fmt::format(", of their own up to {:.0f} KiB", edges.first / 1024);
    form.terms = {start, first, rest};
  }
  if (edges.next > 0) {
    form.name += fmt::format(" and from there to {:.0f} KiB", edges.next / 1024);
    form.terms = {start, first, next, rest};
  }
  return form;
}

models::FittedCost fit_variant(const std::string& variant, std::span<const MeasuredPoint> points,
                               std::uint64_t seed) {
  std::vector<LinearForm> forms;
  std::vector<double> seconds;
  const std::vector<Edges> candidates = candidate_edges();
  for (const Edges& edges : candidates) forms.push_back(form_of(edges, points));
  for (const MeasuredPoint& point : points) seconds.push_back(point.seconds);
  const LinearFit fit = fit_linear(forms, seconds, seed);
  models::FittedCost cost;
  cost.kernel = "transfer";
  cost.variant = variant;
  cost.form = forms[fit.form].name;
  cost.points = fit.points;
  cost.held_out = fit.held_out;
  const Edges& edges = candidates[fit.form];
  if (edges.first > 0) cost.constants.emplace_back("first_bytes", edges.first);
  if (edges.next > 0) cost.constants.emplace_back("next_bytes", edges.next);
  for (std::size_t t = 0; t < fit.coefficients.size(); ++t) {
    const std::string& name = forms[fit.form].terms[t].name;
    const double value = fit.coefficients[t];
    if (!name.ends_with("bytes_per_second")) cost.coefficients.emplace_back(name, value);
    // First bytes that cost nothing beside the start have no rate.
    else if (value > 0)
      cost.coefficients.emplace_back(name, 1 / value);
  }
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
