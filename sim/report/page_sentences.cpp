#include "sim/report/page_sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sim/report/capitalised.hpp"
#include "sim/report/policy_tables.hpp"
#include "sim/report/unit_text.hpp"

namespace orrery::report {

using world::Best;
using world::Figure;
using world::Place;
using world::Section;
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

std::string joined_points(const std::set<std::string_view>& points) {
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
    all_points.add(std::string(sweep_of(run)));
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
  const Section& section = *policies.front().world(world).declared;
  const std::string key = ranking_key(section);
  const auto found = std::ranges::find(section.figures, key, &Figure::key);
  if (key.empty() || found == section.figures.end()) return {};
  const auto values =
      values_of(policies, world, static_cast<std::size_t>(found - section.figures.begin()));
  if (!values) return {};
  const double best = best_of(*values, found->best);
  const std::string best_text = cell_text(found->unit, best);
  // Who prints as well as the best is not behind it.
  std::vector<std::string> winners;
  for (std::size_t p = 0; p < policies.size(); ++p)
    if (cell_text(found->unit, (*values)[p]) == best_text) winners.push_back(policies[p].policy);
  const bool all = policies.size() > 1 && winners.size() == policies.size();
  const std::string_view degree = all ? "same" : found->best == Best::most ? "largest" : "least";
  std::string text = fmt::format("{} {} the {} {}, {} ({})", all ? "All policies" : listed(winners),
                                 winners.size() > 1 ? "have" : "has", degree, found->label,
                                 best_text, in_lower_case(found->group));
  const double base = values->front();
  const bool first_wins = winners.front() == policies.front().policy;
  if (!first_wins && best > 0 && base > 0)
    text += fmt::format(": {:.2f} times {} than {} with {}", std::max(base / best, best / base),
                        found->best == Best::most ? "more" : "less", policies.front().policy,
                        cell_text(found->unit, base));
  return text + "." + most_done(policies, world);
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
  std::set<std::string_view> points;
  Words notes;
  std::unordered_map<std::string, std::set<std::string_view>> points_with;
  for (const ComparedRun& run : comparison.runs) {
    points.insert(sweep_of(run));
    for (const std::string& note : run.worlds[world].notes) {
      notes.add(note);
      points_with[note].insert(sweep_of(run));
    }
  }
  Json out = Json::array();
  for (const std::string& note : notes.list()) {
    const std::set<std::string_view>& at = points_with[note];
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
