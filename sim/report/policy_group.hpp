// The runs of one policy at one sweep point: what a line of a table or of a chart stands for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/report/comparison.hpp"
#include "sim/report/confidence.hpp"

namespace orrery::report {

struct PolicyGroup {
  std::string sweep;                     ///< empty without a sweep
  std::string policy;                    ///< its label
  std::vector<const ComparedRun*> runs;  ///< one a seed, in order of the comparison

  /// Mean over seeds of a figure; nothing when a run lacks it.
  std::optional<Estimate> over_seeds(
      const std::function<std::optional<double>(const ComparedRun&)>& figure) const;
};

/// In order of first appearance. The groups point into `comparison`.
std::vector<PolicyGroup> policy_groups(const Comparison& comparison);

/// Groups of one sweep point each, in order of first appearance.
std::vector<std::vector<PolicyGroup>> by_sweep(std::vector<PolicyGroup> groups);

}  // namespace orrery::report
