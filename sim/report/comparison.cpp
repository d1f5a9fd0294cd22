#include "sim/report/comparison.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "sim/report/paired_samples.hpp"
#include "sim/report/run_json.hpp"
#include "sim/report/section_json.hpp"
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

void set_values(std::vector<world::Figure>& figures,
                const std::vector<std::optional<double>>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) figures[i].value = values[i];
}

/// The run with all that is declared of it, as it is written.
RunSummary summary_of(const ComparedRun& run) {
  RunSummary summary;
  static_cast<RunHead&>(summary) = run.summary;
  summary.shared = run.shared;
  for (const ComparedWorld& world : run.worlds) {
    WorldResult& result = summary.worlds.emplace_back();
    result = {world.name, world.kind, world.policy, *world.declared, world.left_undone};
    set_values(result.section.figures, world.figures);
    set_values(result.section.costs, world.costs);
    result.section.notes = world.notes;
    for (std::size_t t = 0; t < world.tables.size(); ++t)
      result.section.tables[t].rows = world.tables[t];
  }
  return summary;
}

/// Appends JSON that begins on a line already indented by `indent`.
void append_indented(std::string& out, const Json& json, std::size_t indent) {
  const std::string text = json_text(json);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (begin > 0) out.append(indent, ' ');
    out.append(text, begin, end + 1 - begin);
    begin = end + 1;
  }
  out.pop_back();
}

}  // namespace

std::string_view sweep_of(const ComparedRun& run) {
  const std::string_view directory = run.directory;
  const std::size_t seed = directory.rfind('/');
  if (seed == std::string_view::npos || seed == 0) return {};
  const std::size_t policy = directory.rfind('/', seed - 1);
  return policy == std::string_view::npos ? std::string_view() : directory.substr(0, policy);
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

Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories) {
  Comparison comparison;
  for (const std::string& directory : directories)
    comparison.runs.push_back(compared(directory, read_run(fmt::format("{}/{}", root, directory))));
  if (!comparison.runs.empty()) comparison.name = comparison.runs.front().summary.name;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<ComparedRun*>> groups;
  for (ComparedRun& run : comparison.runs)
    groups[{std::string(sweep_of(run)), run.summary.seed}].push_back(&run);
  for (const auto& [key, group] : groups) pair_samples(root, group);
  return comparison;
}

std::string to_json(const Comparison& comparison) {
  // As one JSON object of all runs would be written, without holding that object.
  std::string out =
      "{\n  \"schema_version\": " + std::to_string(Comparison::kSchemaVersion) + ",\n  \"name\": ";
  append_indented(out, comparison.name, 2);
  out += ",\n  \"runs\": [";
  for (const ComparedRun& run : comparison.runs) {
    Json one;
    one["directory"] = run.directory;
    put_run(one, summary_of(run));
    out += &run == &comparison.runs.front() ? "\n    " : ",\n    ";
    append_indented(out, one, 4);
  }
  out += comparison.runs.empty() ? "],\n  \"failed\": " : "\n  ],\n  \"failed\": ";
  append_indented(out, comparison.failed, 2);
  return out + "\n}\n";
}

Comparison read_comparison(const std::string& path) {
  Comparison comparison;
  std::size_t number = 0;
  const auto take = [&](const Json& before, const std::string& key, const Json& element) {
    if (key != "runs") return;
    if (number == 0) JsonFields(before, path).check_version(Comparison::kSchemaVersion);
    const JsonFields run(element, path, fmt::format("runs[{}]", number++));
    comparison.runs.push_back(compared(run.path_inside("directory"), compared_run_from(run)));
  };
  const Json object = load_json_list(path, take);
  const JsonFields fields(object, path);
  fields.check_version(Comparison::kSchemaVersion);
  fields.objects("runs");
  comparison.name = fields.text("name");
  comparison.failed = fields.texts("failed");
  return comparison;
}

}  // namespace orrery::report
