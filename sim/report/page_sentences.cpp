#include "sim/report/page_sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
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

void add_once(std::vector<std::string>& list, std::string word) {
  if (std::ranges::find(list, word) == list.end()) list.push_back(std::move(word));
}

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

double best_of(const std::vector<double>& values, Best best) {
  return best == Best::most ? *std::ranges::max_element(values) : *std::ranges::min_element(values);
}

std::string in_lower_case(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

/// What the ranking alone would hide: which policies got most done, where they differ.
std::string most_done(const std::vector<PolicyGroup>& policies, std::size_t world) {
  const std::vector<Figure>& figures = policies.front().world(world).section.figures;
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

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return out;
}

std::string lead(const Comparison& comparison) {
  std::vector<std::string> policies;
  std::vector<std::string> seeds;
  std::vector<std::string> points;
  for (const ComparedRun& run : comparison.runs) {
    add_once(policies, run.summary.policy);
    add_once(seeds, std::to_string(run.summary.seed));
    add_once(points, std::string(sweep_of(run)));
  }
  if (policies.empty()) return "No run finished.";
  std::string text = policies.size() > 1 ? fmt::format("{} policies compared: {}", policies.size(),
                                                       listed(policies))
                                         : "Policy " + policies.front();
  if (points.size() > 1) text += fmt::format(", at {} points of a sweep", points.size());
  return text + fmt::format("; {} {}.", seeds.size() > 1 ? "seeds" : "seed", listed(seeds));
}

std::string headline(const std::vector<PolicyGroup>& policies, std::size_t world) {
  const Section& section = policies.front().world(world).section;
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
  std::vector<std::pair<std::string, std::set<std::string_view>>> notes;
  for (const ComparedRun& run : comparison.runs) {
    points.insert(sweep_of(run));
    for (const std::string& note : run.summary.worlds[world].section.notes) {
      const auto known = std::ranges::find(notes, note, &decltype(notes)::value_type::first);
      auto& at =
          known == notes.end() ? notes.emplace_back(note, std::set<std::string_view>{}) : *known;
      at.second.insert(sweep_of(run));
    }
  }
  Json out = Json::array();
  for (const auto& [note, at] : notes)
    out.push_back(at == points ? capitalised(note)
                               : fmt::format("{}: {}", fmt::join(at, ", "), note));
  return out;
}

}  // namespace orrery::report
