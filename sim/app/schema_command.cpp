// orrery schema: every key of an experiment file, for people and for editors.
#include <fmt/format.h>

#include <memory>

#include "models/base/schema.hpp"
#include "sim/app/commands.hpp"
#include "sim/experiment/schema.hpp"
#include "sim/experiment/schema_lookup.hpp"

namespace orrery::app {

namespace {

struct SchemaArguments {
  std::string key;
  bool json = false;
};

void schema(const SchemaArguments& arguments) {
  if (arguments.key.empty()) {
    fmt::print("{}",
               arguments.json ? experiment::json_schema() : base::to_text(experiment::schema()));
    return;
  }
  const base::DeclarationInfo found = experiment::schema_of(arguments.key);
  fmt::print("{}",
             arguments.json ? base::to_json_schema(found, arguments.key) : base::to_text(found));
}

}  // namespace

void add_schema(Command app) {
  auto arguments = std::make_shared<SchemaArguments>();
  const Command command = app.add_subcommand("schema", "explain the keys of an experiment file");
  command.add_option("KEY", arguments->key, "only this key: cluster.nodes, policy.queue");
  command.add_flag("--json", arguments->json, "as a JSON Schema, for editors");
  command.footer(
      "Examples:\n"
      "  orrery schema cluster.nodes\n"
      "  orrery schema --json > experiment.schema.json");
  command.callback([arguments] { schema(*arguments); });
}

}  // namespace orrery::app
