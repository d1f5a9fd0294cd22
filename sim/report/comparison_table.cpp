// The tables of a comparison for the terminal.
#include <algorithm>

#include "sim/report/comparison.hpp"
#include "sim/report/policy_tables.hpp"

namespace orrery::report {

namespace {

/// One table a world; the words of each world's table behind all of them.
std::string tables_of(const std::vector<PolicyGroup>& policies) {
  const ComparedRun& first = *policies.front().runs.front();
  std::string out;
  for (std::size_t world = 0; world < first.worlds.size(); ++world) {
    if (world > 0) out += '\n';
    if (first.several()) out += first.worlds[world].name + "\n";
    out += aligned_text(overview_table(policies, world));
  }
  const ShownTable shared = shared_table(policies);
  if (!shared.columns.empty()) out += "\nall worlds\n" + aligned_text(shared);
  return out;
}

std::vector<std::string> legends_of(const Comparison& comparison) {
  std::vector<std::string> out;
  for (const ComparedRun& run : comparison.runs)
    for (const ComparedWorld& world : run.worlds)
      if (!world.declared->legend.empty() &&
          std::ranges::find(out, world.declared->legend) == out.end())
        out.push_back(world.declared->legend);
  return out;
}

}  // namespace

std::string to_table(const Comparison& comparison) {
  std::string out;
  bool several_seeds = false;
  for (const std::vector<PolicyGroup>& policies : by_sweep(policy_groups(comparison))) {
    if (!out.empty()) out += '\n';
    if (!policies.front().sweep.empty()) out += policies.front().sweep + "\n";
    out += tables_of(policies);
    for (const PolicyGroup& policy : policies) several_seeds |= policy.runs.size() > 1;
  }
  if (!out.empty()) out += '\n';
  for (const std::string& legend : legends_of(comparison)) out += legend + "\n";
  if (several_seeds)
    out += "±: 95 % confidence interval of the mean over seeds; counts are sums over seeds.\n";
  for (const std::string& failure : comparison.failed) out += "failed: " + failure + "\n";
  return out;
}

}  // namespace orrery::report
