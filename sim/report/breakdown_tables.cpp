#include "sim/report/breakdown_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/report/breakdown_sums.hpp"
#include "sim/report/charts/chart_data.hpp"
#include "sim/report/report_numbers.hpp"

namespace orrery::report {

using world::Samples;
using world::Section;

namespace {

/// Samples of the file of the breakdowns, in the order of their sums.
std::vector<const Samples*> samples_of(const Section& section) {
  std::vector<const Samples*> out;
  for (const Samples& samples : section.samples)
    if (samples.file == section.breakdowns.file) out.push_back(&samples);
  return out;
}

const BreakdownColumn* column_of(const ComparedWorld& world, const std::string& name) {
  const auto found = std::ranges::find(world.breakdowns, name, &BreakdownColumn::name);
  return found == world.breakdowns.end() ? nullptr : &*found;
}

/// One group over all runs of a policy; nothing where none has it.
std::optional<SubjectGroup> over_runs(const PolicyGroup& policy, std::size_t world,
                                      const std::string& column, const std::string& word) {
  std::optional<SubjectGroup> out;
  for (const ComparedRun* run : policy.runs) {
    const BreakdownColumn* own = column_of(run->worlds[world], column);
    if (own == nullptr) continue;
    const auto found = std::ranges::find(own->groups, word, &SubjectGroup::word);
    if (found == own->groups.end()) continue;
    if (out)
      add_to(*out, *found);
    else
      out = *found;
  }
  return out;
}

/// The words of a column over all policies, in order of their first appearance: those that the
/// first run has, in its order, first.
std::vector<std::string> words_of(const std::vector<PolicyGroup>& policies, std::size_t world,
                                  const std::string& column) {
  std::vector<std::string> words;
  for (const PolicyGroup& policy : policies)
    for (const ComparedRun* run : policy.runs)
      if (const BreakdownColumn* own = column_of(run->worlds[world], column))
        for (const SubjectGroup& group : own->groups)
          if (std::ranges::find(words, group.word) == words.end()) words.push_back(group.word);
  return words;
}

std::string shown_word(const std::string& word) {
  return word.empty() ? "(none)" : word;
}

std::optional<double> mean_of(const std::optional<SubjectGroup>& group, std::size_t samples) {
  if (!group || group->count == 0 || samples >= group->sums.size()) return std::nullopt;
  return group->sums[samples] / static_cast<double>(group->count);
}

/// A column of a table, row by row.
class GroupTable {
 public:
  GroupTable(const world::Breakdowns::Column& column, const std::vector<std::string>& words,
             const std::string& noun) {
    table_.key = "by-" + column.name;
    table_.title = "By " + column.label;
    table_.help = fmt::format("Means over the {} of each group that count in every run.", noun);
    table_.corner = column.label;
    for (const std::string& word : words) table_.rows.push_back({.label = shown_word(word)});
  }

  void add(std::string label, world::Unit unit, const std::vector<std::optional<double>>& values) {
    table_.columns.push_back({std::move(label), unit});
    for (std::size_t row = 0; row < values.size(); ++row)
      table_.rows[row].cells.push_back(values[row] ? ShownCell(Estimate{*values[row], {}})
                                                   : ShownCell());
  }
  ShownTable take() { return std::move(table_); }

 private:
  ShownTable table_;
};

ShownTable table_of(const std::vector<PolicyGroup>& policies, std::size_t world,
                    const world::Breakdowns::Column& column,
                    const std::vector<std::string>& words) {
  const Section& section = *policies.front().world(world).declared;
  const std::vector<const Samples*> samples = samples_of(section);
  GroupTable table(column, words, samples.front()->noun);
  const auto values = [&](const PolicyGroup& policy, const auto& of) {
    std::vector<std::optional<double>> out;
    for (const std::string& word : words)
      out.push_back(of(over_runs(policy, world, column.name, word)));
    return out;
  };
  const auto count = [](const std::optional<SubjectGroup>& group) -> std::optional<double> {
    if (!group) return std::nullopt;
    return static_cast<double>(group->count);
  };
  const auto amount = [](const std::optional<SubjectGroup>& group) -> std::optional<double> {
    if (!group) return std::nullopt;
    return group->amount;
  };
  const std::string noun = samples.front()->noun;
  for (const PolicyGroup& policy : policies) {
    const std::string behind = policies.size() > 1 ? ", " + policy.policy : "";
    table.add(noun + behind, world::Unit::count, values(policy, count));
    for (std::size_t i = 0; i < samples.size(); ++i)
      table.add(fmt::format("{} mean{}", samples[i]->label, behind), samples[i]->unit,
                values(policy, [i](const auto& group) { return mean_of(group, i); }));
    if (!section.breakdowns.amount_column.empty())
      table.add(section.breakdowns.amount_label + behind, section.breakdowns.amount_unit,
                values(policy, amount));
  }
  return table.take();
}

/// The columns that some run has with several words.
template <class Visit>
void for_each_column(const std::vector<PolicyGroup>& policies, std::size_t world,
                     const Visit& visit) {
  const Section& section = *policies.front().world(world).declared;
  if (samples_of(section).empty()) return;
  for (const world::Breakdowns::Column& column : section.breakdowns.columns) {
    const std::vector<std::string> words = words_of(policies, world, column.name);
    if (words.size() > 1) visit(column, words);
  }
}

Json heat_json(const std::vector<PolicyGroup>& policies, std::size_t world,
               const world::Breakdowns::Column& column, const std::vector<std::string>& words,
               std::size_t number, const Samples& samples) {
  Json out{
      {"key", samples.key.substr(0, samples.key.find('.')) + "-by-" + column.name},
      {"kind", "heat"},
      {"title", fmt::format("Mean {} by {}", samples.label, column.label)},
      {"help", fmt::format("Over the {} of each group that count in every run.", samples.noun)},
      {"x_unit", to_string(world::Unit::number)},
      {"y_unit", to_string(samples.unit)},
      {"y_name", column.label}};
  Json rows = Json::array();
  Json values = Json::array();
  for (const std::string& word : words) {
    rows.push_back(shown_word(word));
    Json row = Json::array();
    for (const PolicyGroup& policy : policies) {
      const auto mean = mean_of(over_runs(policy, world, column.name, word), number);
      row.push_back(mean ? Json(significant(*mean, 5)) : Json());
    }
    values.push_back(std::move(row));
  }
  Json columns = Json::array();
  for (const PolicyGroup& policy : policies) columns.push_back(policy.policy);
  out["rows"] = std::move(rows);
  out["columns"] = std::move(columns);
  out["values"] = std::move(values);
  return out;
}

}  // namespace

std::vector<ShownTable> breakdown_tables(const std::vector<PolicyGroup>& policies,
                                         std::size_t world) {
  std::vector<ShownTable> out;
  for_each_column(policies, world, [&](const auto& column, const auto& words) {
    out.push_back(table_of(policies, world, column, words));
  });
  return out;
}

Json breakdown_charts(const std::vector<PolicyGroup>& policies, std::size_t world) {
  Json out = Json::array();
  const std::vector<const Samples*> samples = samples_of(*policies.front().world(world).declared);
  for_each_column(policies, world, [&](const auto& column, const auto& words) {
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (samples[i]->in_heat_maps)
        out.push_back(heat_json(policies, world, column, words, i, *samples[i]));
  });
  return out;
}

}  // namespace orrery::report
