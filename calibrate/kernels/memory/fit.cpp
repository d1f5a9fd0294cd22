#include <fmt/format.h>

#include <algorithm>
#include <array>

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
};

constexpr std::array<Division, 3> kDivisions{Division::whole, Division::share, Division::ramp};
// How much of a cache a buffer can have for itself. Of the last one, which other machines on the
// same processor may use, half powers of two; of the inner ones all, or all but what else is used.
constexpr std::array<double, 7> kLastShares{1, 0.5, 0.25, 0.177, 0.125, 0.088, 0.0625};
constexpr std::array<double, 2> kInnerShares{1, 0.75};

/// The fraction of `bytes` that does not lie in a cache of `cache` bytes.
double beyond(double bytes, double cache, Division division) {
  if (bytes <= cache) return 0;
  switch (division) {
    case Division::whole:
      return 1;
    case Division::share:
      return 1 - cache / bytes;
    case Division::ramp:
      return std::min(1.0, (bytes - cache) / cache);
  }
  return 1;
}

std::string words(Division division) {
  switch (division) {
    case Division::whole:
      return "which all leaves a cache it outgrows";
    case Division::share:
      return "of which a cache's worth stays";
    case Division::ramp:
      return "which leaves a cache while it doubles";
  }
  return "";
}

struct Candidate {
  Division division;
  double inner_share;
  double last_share;
};

/// The hierarchy as the candidate sees it: only a part of each cache is ours.
std::vector<Level> levels_of(const Hierarchy& hierarchy, const Candidate& candidate) {
  std::vector<Level> levels = hierarchy.levels;
  if (levels.empty()) return levels;
  for (Level& level : levels) level.bytes *= candidate.inner_share;
  levels.back().bytes *= candidate.last_share / candidate.inner_share;
  while (levels.size() > 1 && levels.back().bytes <= levels[levels.size() - 2].bytes)
    levels.pop_back();
  return levels;
}

double bytes_of(const MeasuredPoint& point) {
  const auto value = models::find_number(point.point.features, "bytes");
  if (!value)
    throw base::Error({}, fmt::format("point {} has no feature 'bytes'", point.point.id),
                      base::Fault::run_failed);
  return *value;
}

/// 0 where the device has no such number.
double threads_of(const MeasuredPoint& point) {
  return models::find_number(point.point.features, "threads").value_or(0);
}

/// Start and one term a level, for the points of that many threads; zero for the others.
void add_terms(LinearForm& form, const Hierarchy& hierarchy, const Candidate& candidate,
               const std::string& prefix, std::span<const MeasuredPoint> points) {
  const std::vector<Level> levels = levels_of(hierarchy, candidate);
  std::vector<LinearTerm> terms{{prefix + "start_seconds", {}}};
  for (const Level& level : levels)
    terms.push_back({prefix + std::string(level.name) + "_bytes_per_second", {}});
  terms.push_back({prefix + "bytes_per_second", {}});
  for (const MeasuredPoint& point : points) {
    const bool mine = threads_of(point) == hierarchy.threads;
    const double bytes = bytes_of(point);
    double outside = mine ? 1 : 0;  // fraction that lies beyond the levels so far
    terms.front().values.push_back(mine ? 1 : 0);
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const double after = std::min(outside, beyond(bytes, levels[l].bytes, candidate.division));
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
  form.name = "start + bytes by level over its rate, " + words(candidate.division);
  if (candidate.inner_share < 1 || candidate.last_share < 1)
    form.name += fmt::format("; {:.0f} % of inner caches and {:.1f} % of the last are ours",
                             candidate.inner_share * 100, candidate.last_share * 100);
  const int most = hierarchies.back().threads;
  for (const Hierarchy& hierarchy : hierarchies)
    add_terms(form, hierarchy, candidate, hierarchy.threads == most ? "" : "one_thread_", points);
  return form;
}

models::FittedCost fit_variant(std::string_view variant, std::span<const MeasuredPoint> points,
                               std::span<const Hierarchy> hierarchies, std::uint64_t seed) {
  std::vector<Candidate> candidates;
  std::vector<LinearForm> forms;
  std::vector<double> seconds;
  for (const MeasuredPoint& point : points) seconds.push_back(point.seconds);
  for (const double last : kLastShares)
    for (const double inner : kInnerShares)
      for (const Division division : kDivisions) {
        if (hierarchies.back().levels.empty() && (last < 1 || inner < 1)) continue;
        candidates.push_back({division, inner, last});
        forms.push_back(form_of(candidates.back(), hierarchies, points));
      }
  const LinearFit fit = fit_linear(forms, seconds, seed);
  models::FittedCost cost;
  cost.kernel = "memory";
  cost.variant = variant;
  cost.form = forms[fit.form].name;
  cost.points = fit.points;
  cost.held_out = fit.held_out;
  if (hierarchies.back().threads > 0)
    cost.constants.emplace_back("threads", hierarchies.back().threads);
  for (const Level& level : levels_of(hierarchies.back(), candidates[fit.form]))
    cost.constants.emplace_back(std::string(level.name) + "_bytes", level.bytes);
  for (std::size_t t = 0; t < fit.coefficients.size(); ++t) {
    const std::string& name = forms[fit.form].terms[t].name;
    const double value = fit.coefficients[t];
    const bool rate = name.ends_with("bytes_per_second");
    // A level that costs nothing beside the start, or where no point lies, has no rate.
    if (rate && value > 0) cost.coefficients.emplace_back(name, 1 / value);
    if (!rate) cost.coefficients.emplace_back(name, value);
  }
  if (!models::find_number(cost.coefficients, "bytes_per_second"))
    throw base::Error({},
                      fmt::format("too few buffers beyond all caches were measured for "
                                  "'memory' {}; give more --budget",
                                  variant),
                      base::Fault::run_failed);
  return cost;
}

}  // namespace

std::vector<models::FittedCost> fit_memory(std::span<const MeasuredPoint> points,
                                           std::span<const Hierarchy> hierarchies,
                                           std::uint64_t seed) {
  std::vector<models::FittedCost> costs;
  for (const Operation& op : operations()) {
    std::vector<MeasuredPoint> mine;
    for (const MeasuredPoint& point : points)
      if (point.point.variant == op.variant) mine.push_back(point);
    std::sort(mine.begin(), mine.end(), [](const MeasuredPoint& a, const MeasuredPoint& b) {
      return a.point.id < b.point.id;
    });
    costs.push_back(fit_variant(op.variant, mine, hierarchies, seed));
  }
  return costs;
}

}  // namespace orrery::calibrate::memory
