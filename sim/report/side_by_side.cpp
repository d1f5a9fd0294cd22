#include "sim/report/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/report/capitalised.hpp"
#include "sim/report/page_sentences.hpp"

namespace orrery::report {

namespace {

using Seeds = std::vector<std::uint64_t>;

std::string seeds_text(const Seeds& seeds) {
  std::vector<std::string> words;
  for (const std::uint64_t seed : seeds) words.push_back(std::to_string(seed));
  return (seeds.size() > 1 ? "seeds " : "seed ") + listed(words);
}

/// Every seed of the comparison in order of its first run, in those that all groups have and the
/// others.
struct DividedSeeds {
  Seeds everywhere, elsewhere;
};

DividedSeeds divided(const std::vector<PolicyGroup>& groups) {
  Seeds order;
  std::map<std::uint64_t, std::size_t> groups_with;
  for (const PolicyGroup& group : groups)
    for (const ComparedRun* run : group.runs)
      if (++groups_with[run->summary.seed] == 1) order.push_back(run->summary.seed);
  DividedSeeds out;
  for (const std::uint64_t seed : order)
    (groups_with[seed] == groups.size() ? out.everywhere : out.elsewhere).push_back(seed);
  return out;
}

void keep(PolicyGroup& group, const Seeds& seeds) {
  std::erase_if(group.runs, [&](const ComparedRun* run) {
    return std::ranges::find(seeds, run->summary.seed) == seeds.end();
  });
}

bool draws_nothing(const std::vector<PolicyGroup>& groups) {
  return std::ranges::all_of(groups, [](const PolicyGroup& group) {
    return std::ranges::all_of(group.runs, [&](const ComparedRun* run) {
      return same_results(*run, *group.runs.front());
    });
  });
}

}  // namespace

bool same_results(const ComparedRun& a, const ComparedRun& b) {
  for (std::size_t world = 0; world < a.worlds.size(); ++world)
    if (a.worlds[world].figures != b.worlds[world].figures) return false;
  return a.summary.events == b.summary.events;
}

SideBySide side_by_side(const Comparison& comparison) {
  SideBySide out;
  out.groups = policy_groups(comparison);
  const auto [everywhere, elsewhere] = divided(out.groups);
  if (!elsewhere.empty() && everywhere.empty()) {
    for (PolicyGroup& group : out.groups) group.same_seeds = false;
    out.notes.push_back(
        "No seed has a run of every policy and point: means go over different seeds, and policies "
        "are not ranked.");
    return out;
  }
  if (!elsewhere.empty()) {
    for (PolicyGroup& group : out.groups) keep(group, everywhere);
    out.notes.push_back(fmt::format("Over {} alone: not every policy and point has a run of {}.",
                                    seeds_text(everywhere), seeds_text(elsewhere)));
  }
  if (everywhere.size() > 1 && draws_nothing(out.groups)) {
    for (PolicyGroup& group : out.groups) group.runs.resize(1);
    out.notes.push_back(
        fmt::format("{}: the same results, because nothing in this experiment is drawn; seed {} "
                    "stands for all.",
                    capitalised(seeds_text(everywhere)), everywhere.front()));
  }
  return out;
}

}  // namespace orrery::report
