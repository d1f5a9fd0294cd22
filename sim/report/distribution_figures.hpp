// A distribution as the four figures that a world declares of it.
#pragma once

#include <optional>
#include <string>

#include "sim/report/distribution.hpp"
#include "sim/world/figure.hpp"

namespace orrery::report {

/// A part of a distribution, as keys and tables name it.
struct DistributionPart {
  const char* word;   ///< last word of the key: `p50`
  const char* label;  ///< behind the label: `p50`
  double Distribution::*value;
};
inline constexpr DistributionPart kDistributionParts[] = {{"mean", "mean", &Distribution::mean},
                                                          {"p50", "p50", &Distribution::p50},
                                                          {"p95", "p95", &Distribution::p95},
                                                          {"p99", "p99", &Distribution::p99}};

/// `of` with one part's word behind its key, and its label behind its own.
inline world::Figure part_of(world::Figure of, const DistributionPart& part) {
  of.key += std::string(".") + part.word;
  of.label += std::string(" ") + part.label;
  return of;
}

/// The value of that part.
inline std::optional<double> value_of(const std::optional<Distribution>& distribution,
                                      const DistributionPart& part) {
  if (!distribution) return std::nullopt;
  return (*distribution).*part.value;
}

}  // namespace orrery::report
