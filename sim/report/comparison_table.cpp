// The tables of a comparison for the terminal.
#include <algorithm>

#include "sim/report/comparison.hpp"
#include "sim/report/page_sentences.hpp"
#include "sim/report/policy_tables.hpp"
#include "sim/report/ranking.hpp"
#include "sim/report/side_by_side.hpp"

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
    const std::string best = policies.size() > 1 ? headline(policies, world) : "";
    if (!best.empty()) out += best + "\n";
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
  const SideBySide shown = side_by_side(comparison);
  for (const std::vector<PolicyGroup>& policies : by_sweep(shown.groups)) {
    if (!out.empty()) out += '\n';
    if (!policies.front().sweep.empty()) out += policies.front().sweep + "\n";
    out += tables_of(policies);
  }
  if (!out.empty()) out += '\n';
  for (const std::string& note : shown.notes) out += note + "\n";
  for (const std::string& sentence : common_sentences(comparison)) out += sentence + "\n";
  for (const std::string& legend : legends_of(comparison)) out += legend + "\n";
  const std::string intervals = interval_sentence(shown.groups);
  if (!intervals.empty()) out += intervals + "\n";
  for (const std::string& failure : comparison.failed) out += "failed: " + failure + "\n";
  return out;
}

}  // namespace orrery::report
