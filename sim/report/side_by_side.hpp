// What of a comparison can stand side by side: the same seeds of every policy and sweep point.
#pragma once

#include <string>
#include <vector>

#include "sim/report/policy_group.hpp"

namespace orrery::report {

struct SideBySide {
  /// Of each policy and sweep point the runs of those seeds that all of them have; one of them
  /// where the seeds draw nothing. All runs, where there is no such seed.
  std::vector<PolicyGroup> groups;
  /// Sentences for people on which seeds were left out, and why.
  std::vector<std::string> notes;
};

SideBySide side_by_side(const Comparison& comparison);

/// Whether two runs have the same figures in all worlds; what simulating took may differ.
bool same_results(const ComparedRun& a, const ComparedRun& b);

}  // namespace orrery::report
