// The lines of `orrery run`.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "models/base/numbers.hpp"
#include "sim/report/run_summary.hpp"
#include "sim/report/unit_text.hpp"

namespace orrery::report {

namespace {

using world::Figure;
using world::Unit;
using world::Zero;

void append_line(std::string& out, const std::string& name, const std::string& value) {
  out += fmt::format("  {:<22} {}\n", name, value);
}

/// What tells a figure from the others of its line: the last word of its key.
std::string_view word_of(const Figure& figure) {
  const std::string_view key = figure.key;
  const std::string_view word = key.substr(key.rfind('.') + 1);
  return word == "p50" ? "median" : word;
}

/// `10 submitted` of a count, `mean 3.20 s` of anything else; the value alone where it has a line
/// of its own.
std::string part_text(const Figure& figure, bool alone) {
  std::string value = exact_text(figure.unit, *figure.value);
  if (alone) return value;
  if (figure.unit == Unit::count) return fmt::format("{} {}", value, word_of(figure));
  return fmt::format("{} {}", word_of(figure), value);
}

bool worth_a_line(const Figure& figure) {
  return figure.value && (*figure.value != 0 || figure.zero == Zero::shown);
}

void append_lines(std::string& out, const std::vector<Figure>& figures) {
  std::vector<std::string> told;
  for (const Figure& first : figures) {
    const std::string& line = first.line;
    if (line.empty() || std::ranges::find(told, line) != told.end()) continue;
    told.push_back(line);
    const bool alone = std::ranges::count(figures, line, &Figure::line) == 1;
    std::string text;
    for (const Figure& figure : figures)
      if (figure.line == line && worth_a_line(figure))
        text += (text.empty() ? "" : ", ") + part_text(figure, alone);
    if (!text.empty()) append_line(out, line, text);
  }
}

}  // namespace

std::string to_text(const RunSummary& run, const std::string& out) {
  std::string text =
      fmt::format("{}: policy {}, seed {}, run {}\n", run.name, run.policy, run.seed, run.run_id);
  for (const WorldResult& world : run.worlds) {
    if (run.several())
      text += fmt::format("{}: {}{}\n", world.name, world.kind,
                          world.policy.empty() ? "" : ", policy " + world.policy);
    append_lines(text, world.section.figures);
  }
  if (run.several()) text += "all worlds\n";
  for (const Figure& figure : run.shared)
    if (figure.value) append_line(text, figure.label, exact_text(figure.unit, *figure.value));
  if (run.horizon_cut)
    append_line(text, "cut at", "second " + base::format_shortest(run.simulated_seconds));
  append_line(text, "took", fmt::format("{:.2f} s for {} events", run.wall_seconds, run.events));
  append_line(text, "results", out);
  return text;
}

}  // namespace orrery::report
