#include "sim/report/policy_group.hpp"

#include <algorithm>

namespace orrery::report {

std::optional<Estimate> PolicyGroup::over_seeds(
    const std::function<std::optional<double>(const ComparedRun&)>& figure) const {
  std::vector<double> values;
  for (const ComparedRun* run : runs) {
    const std::optional<double> value = figure(*run);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return estimate(values);
}

std::vector<PolicyGroup> policy_groups(const Comparison& comparison) {
  std::vector<PolicyGroup> groups;
  for (const ComparedRun& run : comparison.runs) {
    const std::string_view sweep = sweep_of(run);
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const PolicyGroup& group) {
      return group.sweep == sweep && group.policy == run.summary.policy;
    });
    if (found != groups.end())
      found->runs.push_back(&run);
    else
      groups.push_back({std::string(sweep), run.summary.policy, {&run}});
  }
  return groups;
}

std::vector<std::vector<PolicyGroup>> by_sweep(std::vector<PolicyGroup> groups) {
  std::vector<std::vector<PolicyGroup>> out;
  for (PolicyGroup& group : groups) {
    const auto found = std::find_if(out.begin(), out.end(), [&](const auto& sweep) {
      return sweep.front().sweep == group.sweep;
    });
    if (found != out.end())
      found->push_back(std::move(group));
    else
      out.push_back({std::move(group)});
  }
  return out;
}

}  // namespace orrery::report
