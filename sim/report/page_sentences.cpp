#include "sim/report/page_sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sim/report/capitalised.hpp"
#include "sim/report/policy_tables.hpp"
#include "sim/report/ranking.hpp"
#include "sim/report/unit_text.hpp"

namespace orrery::report {

using world::Best;
using world::Figure;
using world::Place;
using world::Unit;

namespace {

// A sentence names no more than this; longer lists are for tables.
constexpr std::size_t kMostListed = 50;
constexpr std::size_t kMostNotes = 1000;

/// Words in order of their first appearance.
class Words {
 public:
  void add(std::string word) {
    if (known_.insert(word).second) list_.push_back(std::move(word));
  }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
  std::unordered_set<std::string> known_;
};

/// A figure of each policy; nothing where one lacks it.
std::optional<std::vector<double>> values_of(const std::vector<PolicyGroup>& policies,
                                             std::size_t world, std::size_t figure) {
  std::vector<double> out;
  for (const PolicyGroup& policy : policies) {
    const auto value = over_seeds(policy, {world}, figure);
    if (!value) return std::nullopt;
    out.push_back(value->mean);
  }
  return out;
}

std::string joined_points(const std::set<std::string>& points) {
  if (points.size() <= kMostListed) return fmt::format("{}", fmt::join(points, ", "));
  const auto end = std::next(points.begin(), kMostListed);
  return fmt::format("{} and {} more points", fmt::join(points.begin(), end, ", "),
                     points.size() - kMostListed);
}

double best_of(const std::vector<double>& values, Best best) {
  return best == Best::most ? *std::ranges::max_element(values) : *std::ranges::min_element(values);
}

std::string in_lower_case(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

/// What the ranking alone would hide: which policies got most done, where they differ.
std::string most_done(const std::vector<PolicyGroup>& policies, std::size_t world) {
  const std::vector<Figure>& figures = policies.front().world(world).declared->figures;
  std::string text;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const Figure& figure = figures[i];
    if (figure.place != Place::headline || figure.best != Best::most || figure.unit != Unit::count)
      continue;
    const auto values = values_of(policies, world, i);
    if (!values ||
        std::ranges::count(*values, values->front()) == static_cast<std::ptrdiff_t>(values->size()))
      continue;
    const double most = best_of(*values, Best::most);
    std::vector<std::string> best;
    for (std::size_t p = 0; p < policies.size(); ++p)
      if ((*values)[p] == most) best.push_back(policies[p].policy);
    text += fmt::format(" Most {}: {} with {}.", figure.label, listed(best),
                        cell_text(figure.unit, most));
  }
  return text;
}

/// Why policies are not ranked, where a world could rank them.
std::string not_ranked(const std::vector<PolicyGroup>& policies, const Ranking& of) {
  if (!policies.front().same_seeds)
    return "Policies are not ranked: they have runs of different seeds.";
  if (of.common != nullptr && !of.common->rank())
    return fmt::format("Policies are not ranked by the {}, fewer than half.",
                       size_text(*of.common));
  return {};
}

/// `3.21 h`, or `3.20 h to 3.30 h` of policies that print different means.
std::string range_text(const Ranking& of) {
  std::vector<double> means;
  for (const std::size_t p : of.best) means.push_back(of.means[p]->mean);
  const auto [least, most] = std::ranges::minmax(means);
  const std::string from = cell_text(of.samples->unit, least);
  const std::string to = cell_text(of.samples->unit, most);
  return from == to ? from : from + " to " + to;
}

/// How far the first policy is behind the best one.
std::string against_first(const std::vector<PolicyGroup>& policies, const Ranking& of) {
  const double best = of.means[of.best.front()]->mean;
  const double first = of.means.front()->mean;
  if (of.best.front() == 0 || best <= 0 || first <= 0) return {};
  return fmt::format(": {:.2f} times {} than {} with {}", std::max(first / best, best / first),
                     of.samples->best == Best::most ? "more" : "less", policies.front().policy,
                     cell_text(of.samples->unit, first));
}

std::string behind(const Ranking& of) {
  if (!of.nearest) return {};
  const std::string by = cell_text(of.samples->unit, std::abs(of.nearest->mean));
  if (!of.nearest->half_width)
    return fmt::format(" The next one is {} behind; nothing here tells how sure that is.", by);
  return fmt::format(" The next one is {} \u00b1 {} behind.", by,
                     cell_text(of.samples->unit, *of.nearest->half_width));
}

/// Which policies are best. Nobody is named as better than one from which nothing tells it.
std::string ranked(const std::vector<PolicyGroup>& policies, const Ranking& of) {
  std::vector<std::string> winners;
  for (const std::size_t p : of.best) winners.push_back(policies[p].policy);
  const std::string group = in_lower_case(of.samples->group);
  const std::string figure = of.samples->label + " mean";
  const std::string values = range_text(of);
  const char* const degree = of.samples->best == Best::most ? "largest" : "least";
  if (winners.size() == 1)
    return fmt::format("{} has the {} {}, {} ({}){}.{}", winners.front(), degree, figure, values,
                       group, against_first(policies, of), behind(of));
  const std::string which =
      winners.size() == policies.size() ? "" : fmt::format(", which have the {}", degree);
  return fmt::format("No difference seen between {}{}: {} {} ({}).{}", listed(winners), which,
                     figure, values, group, behind(of));
}

}  // namespace

std::string listed(std::vector<std::string> words) {
  if (words.size() > kMostListed) {
    const std::size_t more = words.size() - kMostListed;
    words.resize(kMostListed);
    words.push_back(fmt::format("{} more", more));
  }
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return out;
}

std::string lead(const Comparison& comparison) {
  Words all_policies, all_seeds, all_points;
  for (const ComparedRun& run : comparison.runs) {
    all_policies.add(run.summary.policy);
    all_seeds.add(std::to_string(run.summary.seed));
    all_points.add(point_name(run));
  }
  const std::vector<std::string>& policies = all_policies.list();
  const std::vector<std::string>& seeds = all_seeds.list();
  const std::vector<std::string>& points = all_points.list();
  if (policies.empty()) return "No run finished.";
  std::string text = policies.size() > 1 ? fmt::format("{} policies compared: {}", policies.size(),
                                                       listed(policies))
                                         : "Policy " + policies.front();
  if (points.size() > 1) text += fmt::format(", at {} points of a sweep", points.size());
  return text + fmt::format("; {} {}.", seeds.size() > 1 ? "seeds" : "seed", listed(seeds));
}

std::string headline(const std::vector<PolicyGroup>& policies, std::size_t world) {
  const Ranking of = ranking(policies, world);
  if (of.samples == nullptr) return {};
  if (!of.ranks) return not_ranked(policies, of) + most_done(policies, world);
  return ranked(policies, of) + most_done(policies, world);
}

Json tiles_json(const PolicyGroup& policy, std::size_t world) {
  Json out = Json::array();
  const ShownTable table = overview_table({policy}, world);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto* value = std::get_if<Estimate>(&table.rows.front().cells[c]);
    if (value == nullptr) continue;
    std::string text = cell_text(table.columns[c].unit, value->mean);
    if (value->half_width)
      text += " \u00b1 " + cell_text(table.columns[c].unit, *value->half_width);
    out.push_back({{"value", text}, {"label", table.columns[c].label}});
  }
  return out;
}

Json world_notes(const Comparison& comparison, std::size_t world) {
  std::set<std::string> points;
  Words notes;
  std::unordered_map<std::string, std::set<std::string>> points_with;
  for (const ComparedRun& run : comparison.runs) {
    points.insert(point_name(run));
    for (const std::string& note : run.worlds[world].notes) {
      notes.add(note);
      points_with[note].insert(point_name(run));
    }
  }
  Json out = Json::array();
  for (const std::string& note : notes.list()) {
    const std::set<std::string>& at = points_with[note];
    out.push_back(at == points ? capitalised(note)
                               : fmt::format("{}: {}", joined_points(at), note));
    if (out.size() == kMostNotes) break;
  }
  if (notes.list().size() > kMostNotes)
    out.push_back(
        fmt::format("{} more notes stand in comparison.json", notes.list().size() - kMostNotes));
  return out;
}

}  // namespace orrery::report
