#include "sim/experiment/schema.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "models/base/schema.hpp"
#include "sim/experiment/experiment.hpp"

namespace orrery::experiment {

namespace {

using base::DeclarationInfo;
using base::ParameterInfo;

bool declares(const DeclarationInfo& info, std::string_view key) {
  return std::ranges::find(info.parameters, key, &ParameterInfo::key) != info.parameters.end();
}

ParameterInfo key_of(std::string key, std::string type, std::string help) {
  ParameterInfo info;
  info.key = std::move(key);
  info.type = std::move(type);
  info.help = std::move(help);
  return info;
}

/// Declares that `key` may also be written inside `parent`.
void add_short_form(DeclarationInfo& info, std::string_view parent, std::string_view key) {
  const auto outer = std::ranges::find(info.parameters, parent, &ParameterInfo::key);
  const auto inner = std::ranges::find(info.parameters, key, &ParameterInfo::key);
  if (outer == info.parameters.end() || inner == info.parameters.end() || !outer->members) return;
  auto members = std::make_shared<DeclarationInfo>(*outer->members);
  members->parameters.push_back(*inner);
  members->parameters.back().help = "the same as at the top level";
  outer->members = std::move(members);
}

ParameterInfo kind_key() {
  ParameterInfo info = key_of("kind", "choice", "the world that is simulated");
  for (const world::WorldKind* kind : world::kinds().all()) {
    info.choices.push_back(kind->name);
    if (kind->is_default) info.default_text = kind->name;
  }
  return info;
}

/// Keys of all kinds together; one that several have names them.
DeclarationInfo any_item_schema() {
  DeclarationInfo all;
  for (const world::WorldKind* kind : world::kinds().all()) {
    for (ParameterInfo key : item_schema(*kind).parameters) {
      if (declares(all, key.key)) continue;
      key.required = key.key == "name";
      if (declares(kind->options(), key.key)) key.help += "; for " + kind->name;
      all.parameters.push_back(std::move(key));
    }
  }
  return all;
}

ParameterInfo platform_key(const char* name) {
  ParameterInfo info = key_of(name, "mapping", "nodes, network and failures");
  info.members = std::make_shared<DeclarationInfo>(base::describe<platform::PlatformConfig>());
  return info;
}

/// The experiment's own keys, with `inner` after those that say what it is.
DeclarationInfo around(const std::vector<ParameterInfo>& inner) {
  DeclarationInfo info = base::describe<ExperimentKeys>();
  const auto first_of_end = std::ranges::find(info.parameters, "stop", &ParameterInfo::key);
  info.parameters.insert(first_of_end, inner.begin(), inner.end());
  return info;
}

ParameterInfo worlds_key() {
  ParameterInfo info =
      key_of("worlds", "list of mapping", "long form: the worlds that share the platform");
  info.members = std::make_shared<DeclarationInfo>(any_item_schema());
  return info;
}

}  // namespace

DeclarationInfo item_schema(const world::WorldKind& kind) {
  DeclarationInfo info;
  info.help = kind.help;
  ParameterInfo name = key_of("name", "text", "what results and paths call this world");
  name.required = true;
  info.parameters = {name, kind_key()};
  if (kind.can_be_placed)
    info.parameters.push_back(key_of("placed_by", "text",
                                     "the world whose policy decides where its replicas live; "
                                     "absent: it takes devices itself"));
  info.parameters.insert(info.parameters.end(), kind.options().parameters.begin(),
                         kind.options().parameters.end());
  for (const world::ShortForm& form : kind.short_forms) add_short_form(info, form.parent, form.key);
  return info;
}

namespace {

DeclarationInfo make_short_form_schema(const world::WorldKind& kind) {
  std::vector<ParameterInfo> inner{kind_key(), platform_key("platform"), platform_key("cluster")};
  inner[1].help += "; or called 'cluster'";
  inner[2].help += "; the short form's word for 'platform'";
  inner.insert(inner.end(), kind.options().parameters.begin(), kind.options().parameters.end());
  DeclarationInfo info = around(inner);
  for (const world::ShortForm& form : kind.short_forms) {
    add_short_form(info, form.parent, form.key);
    if (form.parent == "platform") add_short_form(info, "cluster", form.key);
  }
  return info;
}

}  // namespace

const DeclarationInfo& short_form_schema(const world::WorldKind& kind) {
  static const std::map<std::string, DeclarationInfo> all = [] {
    std::map<std::string, DeclarationInfo> made;
    for (const world::WorldKind* each : world::kinds().all())
      made.emplace(each->name, make_short_form_schema(*each));
    return made;
  }();
  return all.at(kind.name);
}

const DeclarationInfo& long_form_schema() {
  static const DeclarationInfo info = around({platform_key("platform"), worlds_key()});
  return info;
}

DeclarationInfo schema() {
  for (const world::WorldKind* kind : world::kinds().all()) {
    if (!kind->is_default) continue;
    DeclarationInfo info = short_form_schema(*kind);
    const auto platform = std::ranges::find(info.parameters, "platform", &ParameterInfo::key);
    info.parameters.insert(platform, worlds_key());
    return info;
  }
  return long_form_schema();
}

std::string json_schema() {
  DeclarationInfo info = schema();
  for (ParameterInfo& p : info.parameters) p.required = false;
  return base::to_json_schema(info, "Orrery experiment");
}

bool is_key_beside_worlds(std::string_view key) {
  return declares(long_form_schema(), key);
}

bool is_key_of_some_world(std::string_view key) {
  return key == "kind" || std::ranges::any_of(world::kinds().all(), [&](const auto* kind) {
           return declares(kind->options(), key);
         });
}

}  // namespace orrery::experiment
