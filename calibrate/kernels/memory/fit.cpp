#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "calibrate/fit/by_variant.hpp"
#include "calibrate/fit/linear_fit.hpp"
#include "calibrate/kernels/memory/memory.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::memory {

namespace {

/// How a buffer that outgrows a cache divides between it and what lies behind.
enum class Division {
  whole,  ///< all of it moves out: a scan finds nothing of what it evicted itself
  share,  ///< a cache's worth stays
  ramp,   ///< it moves out while it grows to twice the cache
  curve,  ///< from half the cache on, few of it at first: pages fall on full sets by chance
};

/// How the caches before the last divide a buffer.
enum class Inner {
  whole,  ///< as Division::whole, each as large as it is
  edge,   ///< the first so; the others, whose places depend on pages, from three quarters on
  early,  ///< all from three quarters on
  curve,  ///< the first at once; the others along Division::curve
};

constexpr std::array<Inner, 4> kInners{Inner::edge, Inner::whole, Inner::early, Inner::curve};
constexpr std::array<Division, 3> kDivisions{Division::whole, Division::share, Division::ramp};
// How much of the last cache a buffer can have for itself: other machines on the same processor may
// use it, and a processor of many parts may name the sum of its parts. Half powers of two.
constexpr std::array<double, 9> kLastShares{1,     0.5,    0.25,  0.177, 0.125,
                                            0.088, 0.0625, 0.044, 0.031};
constexpr double kEarly = 0.75;

/// The fraction of `bytes` that does not lie in a cache of `cache` bytes.
double beyond(double bytes, double cache, Division division) {
  if (division == Division::curve) {
    constexpr double kBegin = 0.5;
    const double past = std::clamp(bytes / cache - kBegin, 0.0, 1.0);
    return past * past;
  }
  if (bytes <= cache) return 0;
  switch (division) {
    case Division::whole:
      return 1;
    case Division::share:
      return 1 - cache / bytes;
    case Division::ramp:
      return std::min(1.0, (bytes - cache) / cache);
    case Division::curve:
      break;
  }
  return 1;
}

std::string words(Division division) {
  switch (division) {
    case Division::whole:
      return "left at once";
    case Division::share:
      return "left by what does not fit";
    case Division::ramp:
      return "left gradually";
    case Division::curve:
      return "left along a curve";
  }
  return "";
}

std::string words(Inner inner) {
  switch (inner) {
    case Inner::whole:
      return "left at once";
    case Inner::edge:
      return "behind the first left gradually";
    case Inner::early:
      return "left gradually";
    case Inner::curve:
      return "behind the first left along a curve";
  }
  return "";
}

struct Candidate {
  Inner inner;
  Division last;
  double last_share;
};

/// A level as the candidate sees it.
struct SeenLevel {
  Level level;
  Division division;
};

std::vector<SeenLevel> levels_of(const Hierarchy& hierarchy, const Candidate& candidate) {
  std::vector<SeenLevel> seen;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    Level level = hierarchy.levels[l];
    const bool last = l + 1 == hierarchy.levels.size();
    const bool early = candidate.inner == Inner::early || (candidate.inner == Inner::edge && l > 0);
    level.bytes *= last ? candidate.last_share : early ? kEarly : 1;
    // A share of the last cache that is smaller than what lies before it is not a level.
    if (last && !seen.empty() && level.bytes <= seen.back().level.bytes) break;
    const bool curve = candidate.inner == Inner::curve && l > 0;
    const Division inner = early ? Division::ramp : curve ? Division::curve : Division::whole;
    seen.push_back({level, last ? candidate.last : inner});
  }
  return seen;
}

/// 0 where the device has no such number.
double threads_of(const MeasuredPoint& point) {
  return models::find_number(point.point.features, "threads").value_or(0);
}

/// Start and one term a level, for the points of that many threads; zero for the others.
void add_terms(LinearForm& form, const Hierarchy& hierarchy, const Candidate& candidate,
               const std::string& prefix, std::span<const MeasuredPoint> points) {
  const std::vector<SeenLevel> levels = levels_of(hierarchy, candidate);
  std::vector<LinearTerm> terms{{prefix + "start_seconds", {}}};
  for (const SeenLevel& seen : levels)
    terms.push_back({prefix + std::string(seen.level.name) + "_bytes_per_second", {}});
  terms.push_back({prefix + "bytes_per_second", {}});
  for (const MeasuredPoint& point : points) {
    const bool mine = threads_of(point) == hierarchy.threads;
    const double bytes = feature_of(point, "bytes");
    double outside = mine ? 1 : 0;  // fraction that lies beyond the levels so far
    terms.front().values.push_back(mine ? 1 : 0);
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const double after =
          std::min(outside, beyond(bytes, levels[l].level.bytes, levels[l].division));
      terms[l + 1].values.push_back(bytes * (outside - after));
      outside = after;
    }
    terms.back().values.push_back(bytes * outside);
  }
  form.terms.insert(form.terms.end(), terms.begin(), terms.end());
}

LinearForm form_of(const Candidate& candidate, std::span<const Hierarchy> hierarchies,
                   std::span<const MeasuredPoint> points) {
  LinearForm form;
  form.name = "start + bytes by level over its rate";
  if (!hierarchies.back().levels.empty())
    form.name += fmt::format("; inner caches {}, {:.1f} % of the last {}", words(candidate.inner),
                             candidate.last_share * 100, words(candidate.last));
  const int most = hierarchies.back().threads;
  for (const Hierarchy& hierarchy : hierarchies)
    add_terms(form, hierarchy, candidate, hierarchy.threads == most ? "" : "one_thread_", points);
  return form;
}

VariantFit fit_variant(std::string_view variant, std::span<const MeasuredPoint> points,
                       std::span<const Hierarchy> hierarchies, std::uint64_t seed) {
  std::vector<Candidate> candidates;
  std::vector<LinearForm> forms;
  for (const double share : kLastShares)
    for (const Inner inner : kInners)
      for (const Division last : kDivisions) {
        candidates.push_back({inner, last, share});
        forms.push_back(form_of(candidates.back(), hierarchies, points));
      }
  LinearFit fit = fit_linear(forms, seconds_of(points), seed);
  const Candidate& chosen = candidates[fit.form];
  // A level that costs nothing beside the start, or where no point lies, has no rate.
  VariantFit fitted = linear_cost("memory", variant, forms, std::move(fit));
  models::FittedCost& cost = fitted.cost;
  if (hierarchies.back().threads > 0)
    cost.constants.emplace_back("threads", hierarchies.back().threads);
  for (const SeenLevel& seen : levels_of(hierarchies.back(), chosen))
    cost.constants.emplace_back(std::string(seen.level.name) + "_bytes", seen.level.bytes);
  if (!models::find_number(cost.coefficients, "bytes_per_second"))
    throw base::Error({},
                      fmt::format("too few buffers beyond all caches were measured for "
                                  "'memory' {}; give more --budget",
                                  variant),
                      base::Fault::run_failed);
  return fitted;
}

}  // namespace

std::vector<models::FittedCost> fit_memory(std::span<const MeasuredPoint> points,
                                           std::span<const Hierarchy> hierarchies,
                                           std::uint64_t seed) {
  return fit_by_variant(
      points, [](const MeasuredPoint& point) { return point.point.variant; },
      [&](const std::string& variant, std::span<const MeasuredPoint> mine) {
        return fit_variant(variant, mine, hierarchies, seed);
      });
}

}  // namespace orrery::calibrate::memory
