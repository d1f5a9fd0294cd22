#include "models/base/canonical.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "models/base/parameters.hpp"
#include "tests/models/base/second_reader.hpp"

using namespace orrery::base;

namespace {

enum class Mode { off, on };

struct Part {
  std::string label;
  int weight = 0;
};
Declaration<Part> declare(const Part*) {
  Declaration<Part> d("A part.");
  d.text("label", &Part::label, "what it is called");
  d.integer("weight", &Part::weight, "in grams");
  return d;
}

struct Machine {
  std::string name;
  int count = 0;
  double rate = 0;
  double delay = 0;
  bool quick = false;
  Mode mode = Mode::off;
  std::vector<std::string> words;
  std::vector<int> sizes;
  Part main;
  std::vector<Part> parts;
};
Declaration<Machine> declare(const Machine*) {
  Declaration<Machine> d("A machine.");
  d.text("name", &Machine::name, "what it is called");
  d.integer("count", &Machine::count, "how many");
  d.number("rate", &Machine::rate, Dimension::none, "a rate");
  d.number("delay", &Machine::delay, Dimension::time, "a delay");
  d.boolean("quick", &Machine::quick, "whether it is quick");
  d.choice("mode", &Machine::mode, {{"off", Mode::off}, {"on", Mode::on}}, "a mode");
  d.texts("words", &Machine::words, "some words");
  d.integers("sizes", &Machine::sizes, "some sizes");
  d.mapping("main", &Machine::main, "the main part");
  d.mappings("parts", &Machine::parts, "the other parts");
  const auto ignored = [](Machine&, const Node&) {};
  d.custom("costs", "mapping of number", ignored, "numbers by names of the reader's own");
  d.custom("rules", "text or mapping", ignored, "a name, or a mapping with it");
  d.custom("free", "mapping", ignored, "what only its reader knows");
  return d;
}

std::string canonical_text(std::string_view yaml) {
  return to_yaml(canonical(parse_yaml(yaml, "e.yaml"), describe<Machine>()));
}

}  // namespace

TEST_CASE("a whole number has one spelling") {
  for (const char* spelling : {"10", "010", "+10", "0010", "+010"}) {
    CAPTURE(spelling);
    CHECK(canonical_text("count: " + std::string(spelling)) == "count: 10\n");
    CHECK(read<Machine>(parse_yaml("count: " + std::string(spelling), "e.yaml")).count == 10);
  }
  CHECK(canonical_text("count: -007") == "count: -7\n");
  CHECK(canonical_text("sizes: [08, +1, -0]") == "sizes:\n  - 8\n  - 1\n  - 0\n");
}

TEST_CASE("a number has one spelling") {
  for (const char* spelling : {"1000", "1e3", "1E+3", "1000.0", "+1000.", "01000"}) {
    CAPTURE(spelling);
    CHECK(canonical_text("rate: " + std::string(spelling)) == "rate: 1000\n");
  }
  CHECK(canonical_text("rate: .5") == "rate: 0.5\n");
  CHECK(canonical_text("rate: 1e22") == "rate: 1.0e+22\n");
  CHECK(canonical_text("rate: -0.0") == "rate: 0\n");
}

TEST_CASE("a quantity keeps its unit, its number has one spelling") {
  for (const char* spelling : {"30 min", "30min", "+30 min", "030  min", "30.0 min", "'3e1 min'"}) {
    CAPTURE(spelling);
    CHECK(canonical_text("delay: " + std::string(spelling)) == "delay: 30 min\n");
  }
  CHECK(canonical_text("delay: 1800 s") == "delay: 1800 s\n");
  CHECK(canonical_text("delay: 1e22 s") == "delay: 1.0e+22 s\n");
}

TEST_CASE("texts and choices are texts to every reader") {
  CHECK(canonical_text("name: no") == "name: \"no\"\n");
  CHECK(canonical_text("name: 010") == "name: \"010\"\n");
  CHECK(canonical_text("name: '010'") == "name: \"010\"\n");
  CHECK(canonical_text("name: true") == "name: \"true\"\n");
  CHECK(canonical_text("name: 'plain'") == "name: plain\n");
  CHECK(canonical_text("mode: on") == "mode: \"on\"\n");
  CHECK(canonical_text("words: [5, y, a]") == "words:\n  - \"5\"\n  - \"y\"\n  - a\n");
  CHECK(canonical_text("rules: 12") == "rules: \"12\"\n");
  CHECK(canonical_text("quick: true") == "quick: true\n");
}

TEST_CASE("what stands deeper is spelled by its own declaration, keys stand in its order") {
  CHECK(canonical_text("parts: [{weight: 07, label: off}, {label: 1:30}]\nmain: {weight: +1}\n"
                       "costs: {1: 07, more: 1e2}\nname: x") ==
        "name: x\nmain:\n  weight: 1\nparts:\n  - label: \"off\"\n    weight: 7\n"
        "  - label: \"1:30\"\ncosts:\n  1: 7\n  more: 100\n");
}

TEST_CASE("what does not fit its declaration, or has none, stays for the reader to refuse") {
  for (const char* line :
       {"count: 1.5", "count: \"10\"", "count: x", "count: [a]", "rate: \"1e3\"", "delay: 030",
        "delay: 5 apples", "delay: s", "quick: \"no\"", "free:\n  x: 010", "other: 010",
        "count: 99999999999999999999", "main: x", "parts: x", "count: null", "count:\n  x: 010"}) {
    CAPTURE(line);
    const Node node = parse_yaml(line, "e.yaml");
    CHECK(to_yaml(canonical(node, describe<Machine>())) == to_yaml(node));
  }
  CHECK(canonical_text("[010]") == "- 010\n");
  CHECK(canonical_text("") == "null\n");
}

TEST_CASE("the canonical document is its own canonical form and keeps every place") {
  const Node once =
      canonical(parse_yaml("count: +10\nname: no\ndelay: 1h\n", "e.yaml"), describe<Machine>());
  CHECK(to_yaml(canonical(once, describe<Machine>())) == to_yaml(once));
  CHECK(once.find("count")->where == Where{"e.yaml", 1, 8, "count"});
  CHECK(once.find("delay")->where == Where{"e.yaml", 3, 8, "delay"});
  CHECK(canonical_text(to_yaml(once)) == to_yaml(once));
}

TEST_CASE("a second YAML reader sees the declared values") {
  const auto read = test::second_reader(
      canonical_text("{name: no, count: 010, rate: 1e22, delay: 030 min, mode: off, quick: true, "
                     "words: [2026-11-30, 1:30, 0x1F], costs: {1: 1e-7}}"));
  if (!read) {
    MESSAGE("skipped: no PyYAML (python3-yaml) here");
    return;
  }
  CHECK((*read)["name"] == "no");
  CHECK((*read)["count"] == 10);
  CHECK((*read)["rate"] == 1e22);
  CHECK((*read)["delay"] == "30 min");
  CHECK((*read)["mode"] == "off");
  CHECK((*read)["quick"] == true);
  CHECK((*read)["words"] == nlohmann::json({"2026-11-30", "1:30", "0x1F"}));
  CHECK((*read)["costs"]["1"] == 1e-7);
}
