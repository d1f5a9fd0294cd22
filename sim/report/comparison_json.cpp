// comparison.json.
#include <fmt/format.h>

#include <utility>

#include "sim/report/comparison.hpp"
#include "sim/report/run_json.hpp"
#include "sim/report/section_json.hpp"

namespace orrery::report {

namespace {

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

/// The object that holds what is known of world number `world` of a run.
Json& world_in(Json& run, const ComparedRun& of, std::size_t world) {
  return of.several() ? run["worlds"][world] : run;
}

void put_blocks(Json& object, const ComparedWorld& world) {
  for (const SampleBlocks& of : world.blocks)
    if (!of.blocks.counts.empty())
      object["blocks"][of.samples] = {{"counts", of.blocks.counts}, {"sums", of.blocks.sums}};
}

void put_breakdowns(Json& object, const ComparedWorld& world) {
  for (const BreakdownColumn& column : world.breakdowns) {
    Json& groups = object["breakdowns"][column.name] = Json::array();
    for (const SubjectGroup& group : column.groups)
      groups.push_back({{"is", group.word},
                        {"count", group.count},
                        {"amount", group.amount},
                        {"sums", group.sums}});
  }
}

Json common_json(const Comparison& comparison) {
  Json out = Json::array();
  if (comparison.runs.empty()) return out;
  for (const CommonSubjects& of : comparison.common)
    out.push_back({{"world", comparison.runs.front().worlds[of.world].name},
                   {"file", of.file},
                   {"of", of.noun},
                   {"state", of.state},
                   {"common", of.common},
                   {"all", of.all},
                   {"same", of.same}});
  return out;
}

Json uncertainty_json(const Uncertainty& rule) {
  if (rule.bootstrap > 0) return {{"bootstrap", rule.bootstrap}, {"asked", rule.asked}};
  return {{"windows", rule.windows}, {"asked", rule.asked}};
}

Uncertainty uncertainty_from(const JsonFields& fields) {
  Uncertainty rule;
  rule.asked = fields.flag("asked");
  if (fields.has("bootstrap")) rule.bootstrap = fields.count("bootstrap");
  if (fields.has("windows")) rule.windows = fields.count("windows");
  return rule;
}

void read_blocks(const JsonFields& fields, ComparedWorld& world) {
  const auto all = fields.optional_object("blocks");
  for (const world::Samples& samples : world.declared->samples) {
    if (!all || !all->has(samples.key)) continue;
    const JsonFields one = all->object(samples.key);
    Blocks blocks{one.numbers("counts"), one.numbers("sums")};
    if (blocks.counts.size() != blocks.sums.size())
      throw base::Error(one.where("sums"),
                        fmt::format("expected {} numbers, as many as counts, found {}",
                                    blocks.counts.size(), blocks.sums.size()));
    world.blocks.push_back({samples.key, std::move(blocks)});
  }
}

void read_breakdowns(const JsonFields& fields, ComparedWorld& world) {
  const auto all = fields.optional_object("breakdowns");
  for (const world::Breakdowns::Column& declared : world.declared->breakdowns.columns) {
    if (!all || !all->has(declared.name)) continue;
    BreakdownColumn& column = world.breakdowns.emplace_back();
    column.name = declared.name;
    for (const JsonFields& one : all->objects(declared.name))
      column.groups.push_back(
          {one.text("is"), one.count("count"), one.number("amount"), one.numbers("sums")});
  }
}

void read_rest(const JsonFields& fields, ComparedWorld& world) {
  read_blocks(fields, world);
  read_breakdowns(fields, world);
}

ComparedRun run_from(const JsonFields& fields) {
  ComparedRun run = compared(fields.path_inside("directory"), compared_run_from(fields));
  if (!run.several()) {
    read_rest(fields, run.worlds.front());
    return run;
  }
  const std::vector<JsonFields> worlds = fields.objects("worlds");
  for (std::size_t i = 0; i < worlds.size(); ++i) read_rest(worlds[i], run.worlds[i]);
  return run;
}

/// The world of the comparison's runs is known by its name once a run was read.
struct NamedCommon {
  std::string world;
  CommonSubjects common;
};

NamedCommon common_from(const JsonFields& fields) {
  return {fields.text("world"),
          {.file = fields.text("file"),
           .noun = fields.text("of"),
           .state = fields.text("state"),
           .common = fields.count("common"),
           .all = fields.count("all"),
           .same = fields.flag("same")}};
}

void take_common(std::vector<NamedCommon> all, Comparison& comparison) {
  if (comparison.runs.empty()) return;
  const std::vector<ComparedWorld>& worlds = comparison.runs.front().worlds;
  for (NamedCommon& of : all)
    for (std::size_t number = 0; number < worlds.size(); ++number) {
      if (worlds[number].name != of.world) continue;
      of.common.world = number;
      comparison.common.push_back(std::move(of.common));
      break;
    }
}

}  // namespace

std::string to_json(const Comparison& comparison) {
  // As one JSON object of all runs would be written, without holding that object.
  std::string out =
      "{\n  \"schema_version\": " + std::to_string(Comparison::kSchemaVersion) + ",\n  \"name\": ";
  append_indented(out, comparison.name, 2);
  out += ",\n  \"uncertainty\": ";
  append_indented(out, uncertainty_json(comparison.uncertainty), 2);
  out += ",\n  \"common\": ";
  append_indented(out, common_json(comparison), 2);
  out += ",\n  \"runs\": [";
  for (const ComparedRun& run : comparison.runs) {
    Json one;
    one["directory"] = run.directory;
    put_run(one, summary_of(run));
    for (std::size_t world = 0; world < run.worlds.size(); ++world)
      put_blocks(world_in(one, run, world), run.worlds[world]);
    for (std::size_t world = 0; world < run.worlds.size(); ++world)
      put_breakdowns(world_in(one, run, world), run.worlds[world]);
    out += &run == &comparison.runs.front() ? "\n    " : ",\n    ";
    append_indented(out, one, 4);
  }
  out += comparison.runs.empty() ? "],\n  \"failed\": " : "\n  ],\n  \"failed\": ";
  append_indented(out, comparison.failed, 2);
  return out + "\n}\n";
}

Comparison read_comparison(const std::string& path) {
  Comparison comparison;
  std::vector<NamedCommon> common;
  std::size_t number = 0;
  const auto take = [&](const Json& before, const std::string& key, const Json& element) {
    if (key == "common") {
      common.push_back(
          common_from(JsonFields(element, path, fmt::format("common[{}]", common.size()))));
    }
    if (key != "runs") return;
    if (number == 0) JsonFields(before, path).check_version(Comparison::kSchemaVersion);
    comparison.runs.push_back(
        run_from(JsonFields(element, path, fmt::format("runs[{}]", number++))));
  };
  const Json object = load_json_list(path, take);
  const JsonFields fields(object, path);
  fields.check_version(Comparison::kSchemaVersion);
  fields.objects("runs");
  comparison.name = fields.text("name");
  comparison.failed = fields.texts("failed");
  if (const auto rule = fields.optional_object("uncertainty"))
    comparison.uncertainty = uncertainty_from(*rule);
  take_common(std::move(common), comparison);
  return comparison;
}

}  // namespace orrery::report
