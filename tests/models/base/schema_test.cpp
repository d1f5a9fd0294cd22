#include "models/base/schema.hpp"

#include <doctest/doctest.h>
#include <regex.h>

#include <nlohmann/json.hpp>

#include "models/base/parameters.hpp"

using namespace orrery::base;

namespace schema_test {

enum class Mode { fast, exact };

struct Inner {
  int count = 2;
};
Declaration<Inner> declare(const Inner*) {
  Declaration<Inner> d("A group.");
  d.integer("count", &Inner::count, "how many").at_least(1);
  return d;
}

struct Outer {
  double period = 1800;
  double rate = 12.5e9;
  double share = 0.5;
  std::optional<double> horizon;
  int plain = 3;
  std::string name;
  Mode mode = Mode::exact;
  bool flag = true;
  std::vector<Inner> groups;
  std::vector<int> seeds;
};
Declaration<Outer> declare(const Outer*) {
  Declaration<Outer> d("An example.");
  d.number("period", &Outer::period, Dimension::time, "How often.").more_than(0);
  d.number("rate", &Outer::rate, Dimension::bytes_per_second, "How fast.");
  d.number("share", &Outer::share, Dimension::none, "What part.").at_least(0).at_most(1);
  d.number("horizon", &Outer::horizon, Dimension::time, "When to stop.");
  d.integer("plain", &Outer::plain, "Any.");
  d.text("name", &Outer::name, "Its name.").required();
  d.choice("mode", &Outer::mode, {{"fast", Mode::fast}, {"exact", Mode::exact}}, "Which.");
  d.boolean("flag", &Outer::flag, "Whether.");
  d.mappings("groups", &Outer::groups, "Groups.");
  d.integers("seeds", &Outer::seeds, "Seeds.").at_least(0);
  d.custom(
       "own", "own form", [](Outer&, const Node&) {}, "Own.")
      .members(describe<Inner>());
  d.custom(
      "counts", "mapping of integer", [](Outer&, const Node&) {}, "By names of one's own.");
  return d;
}

bool matches(const std::string& pattern, const char* text) {
  regex_t compiled;
  REQUIRE(regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0);
  const bool found = regexec(&compiled, text, 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

TEST_CASE("the text shows all that a declaration says") {
  CHECK(to_text(describe<Inner>(), 2) ==
        "  A group.\n"
        "  count (integer)\n"
        "      how many\n"
        "      range: at least 1\n"
        "      default: 2\n");
  const std::string text = to_text(describe<Outer>());
  CHECK(text.find("period (number)\n    How often.\n    units: ns, us, ms, s, min, h, d\n"
                  "    range: more than 0 s, at most 1e+12 s\n    default: 30 min\n") !=
        std::string::npos);
  CHECK(text.find("name (text, required)\n") != std::string::npos);
  CHECK(text.find("one of: fast, exact\n    default: exact\n") != std::string::npos);
  CHECK(text.find("range: at least 0, at most 1\n") != std::string::npos);
  CHECK(text.find("plain (integer)\n    Any.\n    default: 3\n") != std::string::npos);
  CHECK(text.find("    A group.\n    count (integer)\n") != std::string::npos);
}

TEST_CASE("the JSON Schema describes the same declaration") {
  const auto schema = nlohmann::json::parse(to_json_schema(describe<Outer>(), "Example"));
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["title"] == "Example");
  CHECK(schema["type"] == "object");
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json::array({"name"}));
  const auto& properties = schema["properties"];
  CHECK(properties.size() == 12);
  CHECK(properties["share"]["minimum"] == 0);
  CHECK(properties["share"]["maximum"] == 1);
  CHECK(properties["share"]["default"] == 0.5);
  CHECK(properties["period"]["type"] == "string");
  CHECK(properties["period"]["default"] == "30 min");
  CHECK(properties["period"]["description"] == "How often. (more than 0 s, at most 1e+12 s)");
  CHECK(!properties["horizon"].contains("default"));
  CHECK(properties["plain"]["type"] == "integer");
  CHECK(properties["plain"]["default"] == 3);
  CHECK(!properties["plain"].contains("minimum"));
  CHECK(properties["mode"]["enum"] == nlohmann::json::array({"fast", "exact"}));
  CHECK(properties["mode"]["default"] == "exact");
  CHECK(properties["flag"]["default"] == true);
  CHECK(properties["groups"]["type"] == "array");
  CHECK(properties["groups"]["items"]["properties"]["count"]["minimum"] == 1);
  CHECK(properties["groups"]["items"]["additionalProperties"] == false);
  CHECK(properties["seeds"]["items"]["type"] == "integer");
  CHECK(properties["seeds"]["items"]["minimum"] == 0);
  CHECK(properties["own"]["anyOf"].size() == 2);
  CHECK(properties["counts"]["type"] == "object");
  CHECK(properties["counts"]["additionalProperties"]["type"] == "integer");
}

TEST_CASE("the pattern of a quantity accepts what the reader accepts") {
  const auto schema = nlohmann::json::parse(to_json_schema(describe<Outer>(), "Example"));
  const auto check = [&](const char* key, Dimension dimension, const char* text) {
    const auto pattern = schema["properties"][key]["pattern"].get<std::string>();
    CAPTURE(text);
    CHECK(matches(pattern, text) == !parse_quantity(text, dimension).fault);
  };
  for (const char* text : {"30 min", "30min", "1.5e3 s", "-.5 h", "5. d", "30", "min", "30 MIN",
                           "30 min x", "+3 s", "1e s", "nan s", "30  us", ""}) {
    check("period", Dimension::time, text);
  }
  for (const char* text : {"100 Gbit/s", "12.5 GB/s", "1 KiB/s", "1 B", "1 GBxs"}) {
    check("rate", Dimension::bytes_per_second, text);
  }
}

TEST_CASE("the schema is the same bytes each time") {
  CHECK(to_json_schema(describe<Outer>(), "E") == to_json_schema(describe<Outer>(), "E"));
}

}  // namespace schema_test
