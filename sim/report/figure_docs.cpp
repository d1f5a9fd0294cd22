#include "sim/report/figure_docs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/report/paired_samples.hpp"
#include "sim/world/result_kinds.hpp"

namespace orrery::report {

using world::Figure;
using world::Samples;
using world::Section;
using world::Table;
using world::Unit;

namespace {

/// Figures that differ in the last word of their key alone.
struct Entry {
  std::string key;
  std::vector<std::string> words;  ///< empty: the key is whole
  const Figure* figure = nullptr;
};

std::vector<Entry> entries_of(const std::vector<Figure>& figures) {
  std::vector<Entry> out;
  for (const Figure& figure : figures) {
    const std::size_t dot = figure.key.rfind('.');
    const std::string before = figure.key.substr(0, dot == std::string::npos ? 0 : dot);
    const std::string word = dot == std::string::npos ? "" : figure.key.substr(dot + 1);
    const bool same = !out.empty() && !before.empty() && out.back().key == before &&
                      out.back().figure->help == figure.help;
    if (!same) out.push_back({before, {}, &figure});
    out.back().words.push_back(word);
  }
  for (Entry& entry : out)
    if (entry.words.size() == 1) entry = {entry.figure->key, {}, entry.figure};
  return out;
}

std::string unit_word(Unit unit) {
  switch (unit) {
    case Unit::count:
      return "count";
    case Unit::number:
      return "number";
    case Unit::seconds:
      return "s";
    case Unit::bytes:
      return "bytes";
    case Unit::share:
      return "share of 1";
    case Unit::per_second:
      return "1/s";
    case Unit::ratio:
      return "ratio";
  }
  return {};
}

std::string over_word(world::Over over) {
  switch (over) {
    case world::Over::mean:
      return "mean";
    case world::Over::sum:
      return "sum";
    case world::Over::largest:
      return "largest";
  }
  return {};
}

std::string key_cell(const Entry& entry) {
  std::string cell = "`" + entry.key + "`";
  for (std::size_t i = 0; i < entry.words.size(); ++i)
    cell += (i == 0 ? ": `" : ", `") + entry.words[i] + "`";
  return cell;
}

std::string figure_rows(const std::vector<Figure>& figures) {
  std::string out = "| figure | meaning | unit | over seeds |\n|---|---|---|---|\n";
  for (const Entry& entry : entries_of(figures))
    out += fmt::format("| {} | {} | {} | {} |\n", key_cell(entry), entry.figure->help,
                       unit_word(entry.figure->unit), over_word(entry.figure->over));
  return out;
}

std::vector<Figure> all_sample_figures(const Section& section) {
  std::vector<Figure> out;
  for (const Samples& samples : section.samples)
    for (Figure& figure : sample_figures(samples)) out.push_back(std::move(figure));
  return out;
}

std::string column_rows(const Table& table) {
  std::string out =
      fmt::format("`{}`: {}\n\n| key | meaning |\n|---|---|\n", table.key, table.title);
  for (const Table::Column& column : table.columns) {
    const std::string meaning = column.help.empty() ? column.label : column.help;
    out += fmt::format("| `{}` | {} |\n", column.key, meaning);
  }
  return out;
}

void append_rows(std::string& out, const std::vector<Figure>& figures) {
  std::size_t width = 0;
  for (const Figure& figure : figures) width = std::max(width, figure.key.size());
  for (const Figure& figure : figures)
    out += fmt::format("  {:<{}}  {:<10}  {}\n", figure.key, width, unit_word(figure.unit),
                       figure.help);
}

}  // namespace

std::string figures_markdown(const Section& section) {
  std::string out = figure_rows(section.figures);
  const std::vector<Figure> compared = all_sample_figures(section);
  if (!compared.empty()) out += "\nIn `comparison.json` alone:\n\n" + figure_rows(compared);
  if (!section.costs.empty()) out += "\nIn `performance.json`:\n\n" + figure_rows(section.costs);
  for (const Table& table : section.tables) out += "\n" + column_rows(table);
  return out;
}

std::string figures_text(const std::string& kind) {
  const Section section = world::result_kinds().named(kind, {}).section();
  std::string out = "summary.json\n";
  append_rows(out, section.figures);
  const std::vector<Figure> compared = all_sample_figures(section);
  if (!compared.empty()) out += "comparison.json\n";
  append_rows(out, compared);
  if (!section.costs.empty()) out += "performance.json\n";
  append_rows(out, section.costs);
  return out;
}

}  // namespace orrery::report
