#include "sim/report/policy_group.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "models/base/statistics.hpp"

namespace orrery::report {

const std::vector<world::Figure>& FigureList::declared(const ComparedRun& run) const {
  if (!number) return run.shared;
  const world::Section& section = *run.worlds[*number].declared;
  return costs ? section.costs : section.figures;
}

const std::optional<double>& FigureList::value(const ComparedRun& run, std::size_t figure) const {
  if (!number) return run.shared[figure].value;
  const ComparedWorld& world = run.worlds[*number];
  return (costs ? world.costs : world.figures)[figure];
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
    const std::optional<double>& value = list.value(*run, figure);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return joined(list.declared(*group.runs.front())[figure].over, values);
}

std::vector<PolicyGroup> policy_groups(const Comparison& comparison) {
  std::vector<PolicyGroup> groups;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;
  for (const ComparedRun& run : comparison.runs) {
    const std::string_view sweep = sweep_of(run);
    const auto [at, added] =
        known.emplace(std::pair(sweep, std::string_view(run.summary.policy)), groups.size());
    if (added) groups.push_back({point_name(run), run.summary.policy, {}, &comparison});
    groups[at->second].runs.push_back(&run);
  }
  return groups;
}

std::vector<std::vector<PolicyGroup>> by_sweep(std::vector<PolicyGroup> groups) {
  std::vector<std::vector<PolicyGroup>> out;
  std::map<std::string, std::size_t> known;
  for (PolicyGroup& group : groups) {
    const auto [at, added] = known.emplace(group.sweep, out.size());
    if (added) out.emplace_back();
    out[at->second].push_back(std::move(group));
  }
  return out;
}

}  // namespace orrery::report
