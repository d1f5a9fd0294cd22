#include "sim/report/comparison.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "sim/report/paired_samples.hpp"
#include "sim/world/result_kinds.hpp"

namespace orrery::report {

namespace {

/// What a kind of world declares, the figures of its samples behind its own; made once.
const world::Section& declared_by(const std::string& kind) {
  static std::map<std::string, world::Section> known;
  const auto found = known.find(kind);
  if (found != known.end()) return found->second;
  world::Section section = world::result_kinds().named(kind, {}).section();
  append_sample_figures(section);
  return known.emplace(kind, std::move(section)).first->second;
}

std::vector<std::optional<double>> values_of(const std::vector<world::Figure>& figures) {
  std::vector<std::optional<double>> values;
  for (const world::Figure& figure : figures) values.push_back(figure.value);
  return values;
}

}  // namespace

std::string_view sweep_of(const ComparedRun& run) {
  const std::string_view directory = run.directory;
  const std::size_t seed = directory.rfind('/');
  if (seed == std::string_view::npos || seed == 0) return {};
  const std::size_t policy = directory.rfind('/', seed - 1);
  return policy == std::string_view::npos ? std::string_view() : directory.substr(0, policy);
}

std::string point_name(const ComparedRun& run) {
  return run.summary.point.empty() ? std::string(sweep_of(run)) : point_text(run.summary.point);
}

std::string ComparedRun::left_undone() const {
  return joined_reasons(worlds);
}

ComparedRun compared(std::string directory, RunSummary run) {
  ComparedRun out;
  out.directory = std::move(directory);
  out.summary = run;
  out.shared = std::move(run.shared);
  for (WorldResult& world : run.worlds) {
    ComparedWorld& made = out.worlds.emplace_back();
    made.declared = &declared_by(world.kind);
    made.name = std::move(world.name);
    made.kind = std::move(world.kind);
    made.policy = std::move(world.policy);
    made.left_undone = std::move(world.left_undone);
    made.figures = values_of(world.section.figures);
    made.figures.resize(made.declared->figures.size());
    made.costs = values_of(world.section.costs);
    for (world::Table& table : world.section.tables) made.tables.push_back(std::move(table.rows));
    made.notes = std::move(world.section.notes);
  }
  return out;
}

std::string path_in(const std::string& root, const ComparedRun& run, const ComparedWorld& world,
                    const std::string& file) {
  std::string path = root;
  for (const std::string& part : {run.directory, run.several() ? world.name : "", file})
    if (!part.empty()) path += "/" + part;
  return path;
}

Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories,
                        const Uncertainty& uncertainty) {
  Comparison comparison;
  comparison.uncertainty = uncertainty;
  for (const std::string& directory : directories)
    comparison.runs.push_back(compared(directory, read_run(fmt::format("{}/{}", root, directory))));
  if (!comparison.runs.empty()) comparison.name = comparison.runs.front().summary.name;
  pair_samples(root, comparison);
  return comparison;
}

const CommonSubjects* common_of(const Comparison& comparison, std::size_t number,
                                const world::Samples& samples) {
  for (const CommonSubjects& common : comparison.common)
    if (common.world == number && common.file == samples.file) return &common;
  return nullptr;
}

}  // namespace orrery::report
