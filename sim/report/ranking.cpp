#include "sim/report/ranking.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/report/policy_tables.hpp"
#include "sim/report/side_by_side.hpp"
#include "sim/report/unit_text.hpp"

namespace orrery::report {

using world::Samples;

namespace {

const Blocks* blocks_of(const ComparedRun& run, std::size_t world, const Samples& samples) {
  for (const SampleBlocks& of : run.worlds[world].blocks)
    if (of.samples == samples.key) return &of.blocks;
  return nullptr;
}

/// Runs that are not the same one again by another seed.
std::size_t replications(const PolicyGroup& group) {
  const bool same = std::ranges::all_of(
      group.runs, [&](const ComparedRun* run) { return same_results(*run, *group.runs.front()); });
  return same ? 1 : group.runs.size();
}

std::optional<double> width_of(const Blocks& blocks, const Uncertainty& rule) {
  return rule.bootstrap > 0 ? bootstrap_half_width_of(blocks, rule.bootstrap)
                            : half_width_of(blocks);
}

void append(Blocks& all, const Blocks& some) {
  all.counts.insert(all.counts.end(), some.counts.begin(), some.counts.end());
  all.sums.insert(all.sums.end(), some.sums.begin(), some.sums.end());
}

/// The blocks of the runs that count, joined; empty where one has none.
Blocks joined_blocks(const PolicyGroup& group, std::size_t world, const Samples& samples,
                     std::size_t runs) {
  Blocks all;
  for (std::size_t r = 0; r < runs; ++r) {
    const Blocks* own = blocks_of(*group.runs[r], world, samples);
    if (own == nullptr) return {};
    append(all, *own);
  }
  return all;
}

bool by_blocks(const PolicyGroup& group, std::size_t runs) {
  return group.comparison->uncertainty.asked || runs < 2;
}

/// Whether two policies cannot be told apart by this difference.
bool holds_zero(const Estimate& difference) {
  return difference.half_width && std::abs(difference.mean) <= *difference.half_width;
}

bool better(const Samples& samples, double a, double b) {
  return samples.best == world::Best::most ? a > b : a < b;
}

}  // namespace

std::optional<Estimate> sample_mean(const PolicyGroup& group, std::size_t world,
                                    const Samples& samples, std::size_t figure) {
  auto mean = over_seeds(group, {world}, figure);
  const std::size_t runs = replications(group);
  if (!mean || !by_blocks(group, runs)) return mean;
  mean->half_width =
      width_of(joined_blocks(group, world, samples, runs), group.comparison->uncertainty);
  return mean;
}

std::optional<Estimate> sample_difference(const PolicyGroup& group, const PolicyGroup& base,
                                          std::size_t world, const Samples& samples,
                                          std::size_t figure) {
  const FigureList list{world};
  std::vector<double> differences;
  for (std::size_t r = 0; r < group.runs.size(); ++r) {
    const auto& own = list.value(*group.runs[r], figure);
    const auto& other = list.value(*base.runs[r], figure);
    if (!own || !other) return std::nullopt;
    differences.push_back(*own - *other);
  }
  Estimate out = estimate(differences);
  const std::size_t runs = std::max(replications(group), replications(base));
  if (!by_blocks(group, runs)) return out;
  Blocks blocks = joined_blocks(group, world, samples, runs);
  const Blocks others = joined_blocks(base, world, samples, runs);
  out.half_width.reset();
  if (blocks.counts != others.counts) return out;
  for (std::size_t b = 0; b < blocks.sums.size(); ++b) blocks.sums[b] -= others.sums[b];
  out.half_width = width_of(blocks, group.comparison->uncertainty);
  return out;
}

std::optional<Estimate> estimate_of(const PolicyGroup& group, const FigureList& list,
                                    std::size_t figure) {
  if (!list.number || list.costs) return over_seeds(group, list, figure);
  const world::Section& section = *group.world(*list.number).declared;
  for (const Samples& samples : section.samples)
    if (section.figures[figure].key == samples.key + ".mean")
      return sample_mean(group, *list.number, samples, figure);
  return over_seeds(group, list, figure);
}

world::Best best_of(const PolicyGroup& group, const FigureList& list, std::size_t figure) {
  const world::Figure& declared = list.declared(*group.runs.front())[figure];
  if (!group.same_seeds) return world::Best::none;
  if (!list.number || list.costs) return declared.best;
  for (const CommonSubjects& common : group.comparison->common)
    if (common.world == *list.number && declared.over_own && !common.same) return world::Best::none;
  for (const Samples& samples : group.world(*list.number).declared->samples) {
    if (!declared.key.starts_with(samples.key + ".")) continue;
    const CommonSubjects* common = common_of(*group.comparison, *list.number, samples);
    if (common != nullptr && !common->rank()) return world::Best::none;
  }
  return declared.best;
}

namespace {

/// Sets which policies are best, and how far the next one is from the best one.
void find_best(Ranking& out, const std::vector<PolicyGroup>& policies, std::size_t world) {
  std::size_t first = 0;
  for (std::size_t p = 1; p < policies.size(); ++p)
    if (better(*out.samples, out.means[p]->mean, out.means[first]->mean)) first = p;
  const auto text = [&](std::size_t p) { return cell_text(out.samples->unit, out.means[p]->mean); };
  for (std::size_t p = 0; p < policies.size(); ++p) {
    const auto difference = p == first ? Estimate{}
                                       : sample_difference(policies[p], policies[first], world,
                                                           *out.samples, out.figure)
                                             .value_or(Estimate{});
    if (p == first || text(p) == text(first) || holds_zero(difference))
      out.best.push_back(p);
    else if (!out.nearest || std::abs(difference.mean) < std::abs(out.nearest->mean))
      out.nearest = difference;
  }
}

}  // namespace

Ranking ranking(const std::vector<PolicyGroup>& policies, std::size_t world) {
  Ranking out;
  const world::Section& section = *policies.front().world(world).declared;
  const std::string key = ranking_key(section);
  const auto samples = std::ranges::find(section.samples, true, &Samples::primary);
  if (key.empty() || samples == section.samples.end()) return out;
  out.samples = &*samples;
  out.figure =
      static_cast<std::size_t>(&world::figure(section.figures, key) - section.figures.data());
  out.common = common_of(*policies.front().comparison, world, *samples);
  out.ranks = policies.front().same_seeds && (out.common == nullptr || out.common->rank());
  for (const PolicyGroup& policy : policies) {
    out.means.push_back(sample_mean(policy, world, *samples, out.figure));
    out.ranks = out.ranks && out.means.back();
  }
  for (const PolicyGroup& policy : policies) {
    const bool base = &policy == &policies.front();
    out.over_base.push_back(base || !out.ranks ? std::nullopt
                                               : sample_difference(policy, policies.front(), world,
                                                                   *samples, out.figure));
  }
  if (out.ranks) find_best(out, policies, world);
  return out;
}

std::string size_text(const CommonSubjects& common) {
  const std::string all = fmt::format("{} of {} {}", common.common, common.all, common.noun);
  if (common.state.empty()) return all + " that count in every run";
  return fmt::format("{} that are {} in every run", all, common.state);
}

namespace {

std::string sentence_of(const CommonSubjects& common, const ComparedWorld& world) {
  std::vector<std::string> labels;
  for (const Samples& samples : world.declared->samples)
    if (samples.file == common.file) labels.push_back(samples.label);
  std::string text = fmt::format("{}: over the {}.", fmt::join(labels, ", "), size_text(common));
  if (!common.rank())
    text +=
        fmt::format(" Fewer than half of the {}: policies are not ranked by them.", common.noun);
  return world.name.empty() ? text : fmt::format("{}: {}", world.name, text);
}

/// Whether a mean has an interval: of one run those of samples, of several runs any.
bool has_intervals(const std::vector<PolicyGroup>& groups) {
  for (const PolicyGroup& group : groups)
    for (std::size_t world = 0; world < group.runs.front()->worlds.size(); ++world)
      for (std::size_t i = 0; i < group.world(world).declared->figures.size(); ++i)
        if (const auto value = estimate_of(group, {world}, i); value && value->half_width)
          return true;
  return false;
}

}  // namespace

std::vector<std::string> common_sentences(const Comparison& comparison) {
  std::vector<std::string> out;
  if (comparison.runs.size() < 2) return out;
  for (const CommonSubjects& common : comparison.common)
    out.push_back(sentence_of(common, comparison.runs.front().worlds[common.world]));
  return out;
}

std::string interval_sentence(const std::vector<PolicyGroup>& groups) {
  if (!has_intervals(groups)) return {};
  std::size_t runs = 0;
  for (const PolicyGroup& group : groups) runs = std::max(runs, replications(group));
  const Uncertainty& rule = groups.front().comparison->uncertainty;
  const bool blocks = rule.asked || runs < 2;
  std::string source;
  if (runs > 1) source = fmt::format("over {} seeds", runs);
  if (blocks) {
    const std::string own =
        rule.bootstrap > 0
            ? fmt::format("{} resamples of blocks of successive arrivals", rule.bootstrap)
            : fmt::format("{} windows of the time of arrivals", rule.windows);
    source = runs > 1 ? source + "; of means of samples by " + own : "by " + own;
  }
  return fmt::format("\u00b1: 95 % confidence interval {}{}.", source,
                     runs > 1 ? "; counts are sums over seeds" : "");
}

}  // namespace orrery::report
