#include "sim/report/run_summary.hpp"

#include <cmath>
#include <cstdint>
#include <utility>

#include "models/base/numbers.hpp"
#include "sim/report/paired_samples.hpp"
#include "sim/report/run_json.hpp"
#include "sim/report/section_json.hpp"
#include "sim/world/result_kinds.hpp"

namespace orrery::report {

namespace {

using world::Figure;

/// A value of a sweep: a number where it is written as one.
Json value_json(const std::string& text) {
  const auto number = base::parse_double(text);
  if (number && base::format_shortest(*number) == text) {
    if (*number == std::floor(*number) && std::abs(*number) < 1e15)
      return static_cast<std::int64_t>(*number);
    return *number;
  }
  return text;
}

void put_label(Json& object, const RunSummary& run) {
  object["run_id"] = run.run_id;
  object["name"] = run.name;
  object["policy"] = run.policy;
  object["seed"] = run.seed;
  for (const auto& [key, value] : run.point) object["point"][key] = value_json(value);
}

void put_clock(Json& object, const RunSummary& run) {
  object["events"] = run.events;
  object["simulated_seconds"] = run.simulated_seconds;
  object["horizon_cut"] = run.horizon_cut;
}

void put_machine(Json& object, const RunSummary& run) {
  object["wall_seconds"] = run.wall_seconds;
  object["peak_rss_bytes"] = run.peak_rss_bytes;
}

/// What a world says beside its figures.
void put_rest(Json& object, const WorldResult& world) {
  put_notes(object, world.section);
  if (!world.left_undone.empty()) object["left_undone"] = world.left_undone;
}

/// All keys of summary.json of a run of one world.
void put_alone(Json& object, const RunSummary& run, const WorldResult& world) {
  put_label(object, run);
  object["policy"] = world.policy;
  object["kind"] = world.kind;
  put_figures(object, world.section.figures);
  put_clock(object, run);
  put_rest(object, world);
}

void put_shared(Json& object, const RunSummary& run) {
  put_label(object, run);
  put_clock(object, run);
  put_figures(object, run.shared);
}

Json name_json(const WorldResult& world) {
  return {{"name", world.name}, {"kind", world.kind}, {"policy", world.policy}};
}

Json versioned() {
  return {{"schema_version", RunSummary::kSchemaVersion}};
}

/// Name, kind and policy; the section as its kind declares it, without values.
WorldResult named_world(const JsonFields& fields, std::string name) {
  const std::string kind = fields.text("kind");
  const world::ResultKind& known = world::result_kinds().named(kind, fields.where("kind"));
  return {std::move(name), kind, fields.text("policy"), known.section(), {}};
}

void read_world(const JsonFields& fields, WorldResult& world) {
  read_section(fields, world.section);
  if (fields.has("left_undone")) world.left_undone = fields.text("left_undone");
}

/// What summary.json says of the run as a whole, its worlds without their sections' values.
RunSummary shared_from(const JsonFields& fields) {
  RunSummary run;
  run.run_id = fields.text("run_id");
  run.name = fields.text("name");
  run.policy = fields.text("policy");
  run.seed = fields.count("seed");
  if (const auto point = fields.optional_object("point")) run.point = point->scalars();
  run.events = fields.count("events");
  run.simulated_seconds = fields.number("simulated_seconds");
  run.horizon_cut = fields.flag("horizon_cut");
  if (!fields.has("worlds")) {
    run.worlds.push_back(named_world(fields, {}));
    return run;
  }
  std::vector<std::string> names;
  for (const JsonFields& world : fields.objects("worlds")) {
    names.push_back(world.path_inside("name"));
    run.worlds.push_back(named_world(world, names.back()));
  }
  run.shared = shared_figures(names);
  read_figures(fields, run.shared);
  return run;
}

void read_machine(const JsonFields& fields, RunSummary& run) {
  run.wall_seconds = fields.number("wall_seconds");
  run.peak_rss_bytes = fields.count("peak_rss_bytes");
}

/// A file of results, held as long as it is read from.
class ResultFile {
 public:
  explicit ResultFile(const std::string& path)
      : object_(load_json_object(path)), fields_(object_, path) {
    fields_.check_version(RunSummary::kSchemaVersion);
  }
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;

  const JsonFields& fields() const { return fields_; }

 private:
  Json object_;
  JsonFields fields_;
};

}  // namespace

std::string point_text(const SweepPoint& point) {
  std::string text;
  for (const auto& [key, value] : point) {
    if (!text.empty()) text += ',';
    text.append(key).append("=").append(value);
  }
  return text;
}

std::string RunSummary::left_undone() const {
  return joined_reasons(worlds);
}

std::vector<Figure> shared_figures(const std::vector<std::string>& worlds) {
  std::vector<Figure> out;
  for (const std::string& name : worlds)
    out.push_back({.key = "gpus_held." + name,
                   .group = "Platform",
                   .label = "GPU time held by " + name,
                   .help = "GPU time that the world held, over the GPU time available in the run",
                   .unit = world::Unit::share});
  return out;
}

std::string folder_of(const RunSummary& run, const WorldResult& world) {
  return run.several() ? world.name : std::string();
}

std::vector<RunFile> summary_files(const RunSummary& run) {
  std::vector<RunFile> files;
  Json whole = versioned();
  if (run.several()) {
    put_shared(whole, run);
    for (const WorldResult& world : run.worlds) whole["worlds"].push_back(name_json(world));
  } else {
    put_alone(whole, run, run.worlds.at(0));
  }
  files.push_back({"summary.json", json_text(whole)});
  if (!run.several()) return files;
  for (const WorldResult& world : run.worlds) {
    Json alone = versioned();
    put_alone(alone, run, world);
    files.push_back({world.name + "/summary.json", json_text(alone)});
  }
  return files;
}

std::vector<RunFile> performance_files(const RunSummary& run) {
  std::vector<RunFile> files;
  Json whole = versioned();
  put_machine(whole, run);
  if (!run.several()) put_figures(whole, run.worlds.at(0).section.costs);
  files.push_back({"performance.json", json_text(whole)});
  if (!run.several()) return files;
  for (const WorldResult& world : run.worlds) {
    Json alone = versioned();
    put_machine(alone, run);
    put_figures(alone, world.section.costs);
    files.push_back({world.name + "/performance.json", json_text(alone)});
  }
  return files;
}

RunSummary read_run(const std::string& directory) {
  const ResultFile summary(directory + "/summary.json");
  const ResultFile performance(directory + "/performance.json");
  RunSummary run = shared_from(summary.fields());
  read_machine(performance.fields(), run);
  if (!run.several()) {
    read_world(summary.fields(), run.worlds.at(0));
    read_figures(performance.fields(), run.worlds.at(0).section.costs);
    return run;
  }
  for (WorldResult& world : run.worlds) {
    const std::string folder = directory + "/" + world.name;
    const ResultFile figures(folder + "/summary.json");
    const ResultFile costs(folder + "/performance.json");
    read_world(figures.fields(), world);
    read_figures(costs.fields(), world.section.costs);
  }
  return run;
}

void put_run(Json& object, const RunSummary& run) {
  if (!run.several()) {
    put_alone(object, run, run.worlds.at(0));
    put_machine(object, run);
    put_figures(object, run.worlds.at(0).section.costs);
    return;
  }
  put_shared(object, run);
  put_machine(object, run);
  for (const WorldResult& world : run.worlds) {
    Json alone = name_json(world);
    put_figures(alone, world.section.figures);
    put_rest(alone, world);
    put_figures(alone, world.section.costs);
    object["worlds"].push_back(std::move(alone));
  }
}

RunSummary compared_run_from(const JsonFields& fields) {
  RunSummary run = shared_from(fields);
  read_machine(fields, run);
  const std::vector<JsonFields> worlds =
      run.several() ? fields.objects("worlds") : std::vector<JsonFields>{fields};
  for (std::size_t i = 0; i < worlds.size(); ++i) {
    append_sample_figures(run.worlds[i].section);
    read_world(worlds[i], run.worlds[i]);
    read_figures(worlds[i], run.worlds[i].section.costs);
  }
  return run;
}

}  // namespace orrery::report
