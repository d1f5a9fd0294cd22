#include "sim/report/runs_csv.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "models/base/csv.hpp"

namespace orrery::report {

namespace {

/// The keys of the sweep that any run has, in order of their first appearance.
std::vector<std::string> point_keys(const Comparison& comparison) {
  std::vector<std::string> keys;
  for (const ComparedRun& run : comparison.runs)
    for (const auto& [key, value] : run.summary.point)
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  return keys;
}

void put(base::CsvWriter& rows, const std::optional<double>& value) {
  if (value)
    rows.field(*value);
  else
    rows.empty();
}

std::vector<std::string> head_of(const Comparison& comparison,
                                 const std::vector<std::string>& keys) {
  std::vector<std::string> head{"directory", "name"};
  head.insert(head.end(), keys.begin(), keys.end());
  head.insert(head.end(), {"policy", "seed", "run_id"});
  const ComparedRun& first = comparison.runs.front();
  for (const world::Figure& figure : first.shared) head.push_back(figure.key);
  for (const ComparedWorld& world : first.worlds) {
    const std::string before = first.several() ? world.name + "." : "";
    for (const world::Figure& figure : world.declared->figures) head.push_back(before + figure.key);
  }
  head.insert(head.end(), {"simulated_seconds", "events"});
  return head;
}

void put_run(base::CsvWriter& rows, const ComparedRun& run, const std::vector<std::string>& keys) {
  rows.field(run.directory).field(run.summary.name);
  for (const std::string& key : keys) {
    const auto& point = run.summary.point;
    const auto found = std::ranges::find(point, key, &SweepPoint::value_type::first);
    if (found == point.end())
      rows.empty();
    else
      rows.field(found->second);
  }
  rows.field(run.summary.policy).field(std::to_string(run.summary.seed)).field(run.summary.run_id);
  for (const world::Figure& figure : run.shared) put(rows, figure.value);
  for (const ComparedWorld& world : run.worlds) {
    for (const auto& value : world.figures) put(rows, value);
  }
  rows.field(run.summary.simulated_seconds).field(std::to_string(run.summary.events));
  rows.end_row();
}

}  // namespace

std::string runs_csv(const Comparison& comparison) {
  if (comparison.runs.empty()) return {};
  const std::vector<std::string> keys = point_keys(comparison);
  base::CsvWriter rows(head_of(comparison, keys));
  for (const ComparedRun& run : comparison.runs) put_run(rows, run, keys);
  return rows.text();
}

}  // namespace orrery::report
