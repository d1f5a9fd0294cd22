// The runs of one policy at one sweep point: what a line of a table or of a chart stands for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/comparison.hpp"
#include "sim/report/confidence.hpp"

namespace orrery::report {

struct PolicyGroup {
  std::string sweep;                     ///< the point in words; empty without a sweep
  std::string policy;                    ///< its label
  std::vector<const ComparedRun*> runs;  ///< one a seed, in order of the comparison
  const Comparison* comparison = nullptr;
  /// All groups of the comparison have runs of the same seeds; else none is better than another.
  bool same_seeds = true;

  const ComparedWorld& world(std::size_t number) const { return runs.front()->worlds[number]; }
};

/// Which figures of a run.
struct FigureList {
  /// Of world `number`: its figures, or what simulating took. Nothing: what all worlds share.
  std::optional<std::size_t> number;
  bool costs = false;

  const std::vector<world::Figure>& declared(const ComparedRun& run) const;
  const std::optional<double>& value(const ComparedRun& run, std::size_t figure) const;
};

/// Values of several seeds as one: a mean with its interval, a sum, the largest; none: nothing.
std::optional<Estimate> joined(world::Over over, const std::vector<double>& values);

/// A figure over the seeds of a group, joined as declared. Nothing where a run lacks it.
std::optional<Estimate> over_seeds(const PolicyGroup& group, const FigureList& list,
                                   std::size_t figure);

/// In order of first appearance. The groups point into `comparison`.
std::vector<PolicyGroup> policy_groups(const Comparison& comparison);

/// Groups of one sweep point each, in order of first appearance.
std::vector<std::vector<PolicyGroup>> by_sweep(std::vector<PolicyGroup> groups);

}  // namespace orrery::report
