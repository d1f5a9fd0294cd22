// orrery schema: complete, valid JSON, and true of the experiments that ship.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "models/base/document.hpp"
#include "tests/sim/app/command.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using orrery::app::test::Folder;
using orrery::base::Node;

namespace {

/// What a plain YAML scalar is in JSON.
json value_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::sequence: {
      json list = json::array();
      for (const Node& item : node.items) list.push_back(value_of(item));
      return list;
    }
    case Node::Kind::mapping: {
      json map = json::object();
      for (const auto& entry : node.entries) map[entry.key] = value_of(entry.value);
      return map;
    }
    case Node::Kind::scalar:
      break;
  }
  if (!node.quoted && (node.text == "true" || node.text == "false")) return node.text == "true";
  if (!node.quoted && json::accept(node.text)) return json::parse(node.text);
  return node.text;
}

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  return value.is_number();
}

/// The part of JSON Schema that our schemas use. Returns what is wrong, empty if nothing is.
std::string fault(const json& schema, const json& value, const std::string& path) {
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    bool fits = false;
    for (const json& type : types) fits = fits || has_type(value, type);
    if (!fits) return path + " has another type than " + types.dump();
  }
  if (schema.contains("enum")) {
    bool fits = false;
    for (const json& word : schema["enum"]) fits = fits || word == value;
    if (!fits) return path + " is none of " + schema["enum"].dump();
  }
  if (schema.contains("pattern") && value.is_string() &&
      !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"])))
    return path + " does not match " + schema["pattern"].dump();
  if (schema.contains("minimum") && value < schema["minimum"]) return path + " is too small";
  if (schema.contains("maximum") && value > schema["maximum"]) return path + " is too large";
  if (schema.contains("anyOf")) {
    bool fits = false;
    for (const json& one : schema["anyOf"]) fits = fits || fault(one, value, path).empty();
    if (!fits) return path + " fits no form";
  }
  if (schema.contains("not") && fault(schema["not"], value, path).empty())
    return path + " must not fit";
  for (std::size_t i = 0; value.is_array() && schema.contains("items") && i < value.size(); ++i) {
    std::string wrong = fault(schema["items"], value[i], path + "[]");
    if (!wrong.empty()) return wrong;
  }
  if (!value.is_object() || !schema.contains("properties")) return "";
  for (const auto& [key, member] : value.items()) {
    const std::string inner = fmt::format("{}.{}", path, key);
    if (!schema["properties"].contains(key)) return inner + " is not known";
    std::string wrong = fault(schema["properties"][key], member, inner);
    if (!wrong.empty()) return wrong;
  }
  for (const json& key : schema.value("required", json::array()))
    if (!value.contains(key)) return path + "." + key.get<std::string>() + " is missing";
  return "";
}

json whole_schema() {
  const Folder folder;
  const auto outcome = folder.orrery({"schema", "--json"});
  REQUIRE(outcome.code == 0);
  return json::parse(outcome.out);
}

}  // namespace

TEST_CASE("the JSON schema takes every experiment that ships and refuses a misspelt key") {
  const json schema = whole_schema();
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(ORRERY_SOURCE_DIR "/workloads/experiments")) {
    if (entry.path().extension() != ".yaml") continue;
    ++seen;
    const json document = value_of(orrery::base::load_yaml(entry.path().string()));
    std::string wrong = fault(schema, document, "");
    CHECK_MESSAGE(wrong.empty(), entry.path().filename().string() << ": " << wrong);
    json misspelt = document;
    misspelt["polcy"] = 1;
    CHECK(fault(schema, misspelt, "") == ".polcy is not known");
    json mistyped = document;
    mistyped["round"] = 30;
    CHECK_FALSE(fault(schema, mistyped, "").empty());
  }
  CHECK(seen >= 7);
}

TEST_CASE("the schema in text names every key of every level") {
  const Folder folder;
  const std::string text = folder.orrery({"schema"}).out;
  const auto check = [&](const auto& self, const json& schema) -> void {
    if (schema.contains("items")) self(self, schema["items"]);
    if (schema.contains("anyOf")) self(self, schema["anyOf"][0]);
    if (!schema.contains("properties")) return;
    for (const auto& property : schema["properties"].items()) {
      const std::string& key = property.key();
      const bool nested = text.find(" " + key + " (") != std::string::npos;
      CHECK_MESSAGE((nested || text.find("\n" + key + " (") != std::string::npos), key);
      self(self, property.value());
    }
  };
  check(check, whole_schema());
}

TEST_CASE("the schema has a largest value of every number and quantity") {
  std::size_t seen = 0;
  const auto check = [&](const auto& self, const json& schema, const std::string& at) -> void {
    const bool quantity = schema.contains("pattern");
    if (quantity || schema.value("type", json()) == "number") ++seen;
    if (schema.value("type", json()) == "number") CHECK_MESSAGE(schema.contains("maximum"), at);
    if (quantity)
      CHECK_MESSAGE(schema.value("description", "").find("at most") != std::string::npos, at);
    if (schema.contains("items") && !schema["items"].contains("pattern"))
      self(self, schema["items"], at + "[]");
    if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object())
      self(self, schema["additionalProperties"], at + "{}");
    if (schema.contains("anyOf")) self(self, schema["anyOf"][0], at);
    if (!schema.contains("properties")) return;
    for (const auto& property : schema["properties"].items())
      self(self, property.value(), at + "." + property.key());
  };
  check(check, whole_schema(), "");
  CHECK(seen > 40);
}

TEST_CASE("one key can be asked for by its path") {
  const Folder folder;
  const auto nodes = folder.orrery({"schema", "cluster.nodes[0].gpus_per_node"});
  CHECK(nodes.code == 0);
  CHECK(nodes.out.find("gpus_per_node (integer)") != std::string::npos);
  CHECK(nodes.out.find("at most 64") != std::string::npos);
  CHECK(json::parse(folder.orrery({"schema", "policy", "--json"}).out)
            .at("properties")
            .contains("policy"));
}
