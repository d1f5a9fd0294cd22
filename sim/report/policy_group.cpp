#include "sim/report/policy_group.hpp"

#include <algorithm>

#include "models/base/statistics.hpp"

namespace orrery::report {

const std::vector<world::Figure>& FigureList::of(const RunSummary& run) const {
  if (!number) return run.shared;
  const world::Section& section = run.worlds[*number].section;
  return costs ? section.costs : section.figures;
}

std::optional<Estimate> joined(world::Over over, const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  switch (over) {
    case world::Over::mean:
      return estimate(values);
    case world::Over::sum:
      return Estimate{base::compensated_sum(values), std::nullopt};
    case world::Over::largest:
      return Estimate{*std::ranges::max_element(values), std::nullopt};
  }
  return std::nullopt;
}

std::optional<Estimate> over_seeds(const PolicyGroup& group, const FigureList& list,
                                   std::size_t figure) {
  std::vector<double> values;
  for (const ComparedRun* run : group.runs) {
    const std::optional<double>& value = list.of(run->summary)[figure].value;
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return joined(list.of(group.runs.front()->summary)[figure].over, values);
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
