// What the writer quotes, and that another YAML reader sees the same document.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/plain_words.hpp"
#include "tests/models/base/second_reader.hpp"
#include "tests/models/base/support.hpp"

using namespace orrery::base;

namespace {

/// Words that YAML 1.1 or 1.2 gives a type, most of them common as names, labels or keys.
const std::vector<std::string> kTyped = {".",
                                         ".e+1",
                                         "._",
                                         "no",
                                         "No",
                                         "NO",
                                         "yes",
                                         "Yes",
                                         "on",
                                         "On",
                                         "off",
                                         "OFF",
                                         "y",
                                         "Y",
                                         "n",
                                         "N",
                                         "true",
                                         "True",
                                         "FALSE",
                                         "null",
                                         "Null",
                                         "~",
                                         "",
                                         "0x1F",
                                         "0X1f",
                                         "0o17",
                                         "0b101",
                                         "-0x1F",
                                         "010",
                                         "007",
                                         "1_000",
                                         "1:30",
                                         "1:30:00",
                                         "1:30.5",
                                         "190:20:30",
                                         "1e3",
                                         "1E+3",
                                         "1.5e3",
                                         ".5",
                                         "5.",
                                         "+10",
                                         "-3",
                                         "1,000",
                                         ".inf",
                                         "-.Inf",
                                         "+.INF",
                                         ".nan",
                                         ".NaN",
                                         "=",
                                         "<<",
                                         "2026-11-30",
                                         "2026-1-3",
                                         "1.2.3",
                                         "685.230_15",
                                         "0",
                                         "00",
                                         "6.8523015e+5",
                                         "2026-11-30T10:00:00Z",
                                         "2026-11-30 10:00:00"};

/// Words that no reader takes for anything but text.
const std::vector<std::string> kTexts = {
    "fifo",  "nope",           "yesterday", "a100-80g",   "1080ti",   "30 min",
    "2 d",   "12.5 GB/s",      "1 B",       "0x",         "0b12x",    "-",
    "+",     ".e1x",           "1e",        "1e+",        "infinity", "nan",
    "10-20", "2026-11",        "v1",        "bert__1.3B", "truth",    "on time",
    "1/2",   "2026-11-30-run", "026-11-30", "_1"};

Node text_node(std::string text) {
  Node node = scalar_node(std::move(text));
  node.quoted = true;
  return node;
}

Node list_of(const std::vector<std::string>& texts) {
  Node list;
  list.kind = Node::Kind::sequence;
  for (const std::string& text : texts) list.items.push_back(text_node(text));
  return list;
}

}  // namespace

TEST_CASE("words that have a type in YAML 1.1 or 1.2 are known, and others are not") {
  for (const std::string& word : kTyped) {
    CAPTURE(word);
    CHECK(detail::has_type_without_quotes(word));
  }
  for (const std::string& word : kTexts) {
    CAPTURE(word);
    CHECK_FALSE(detail::has_type_without_quotes(word));
  }
}

TEST_CASE("texts and keys that would have a type are quoted") {
  for (const std::string& word : kTyped) {
    CAPTURE(word);
    CHECK(to_yaml(list_of({word})) == "- \"" + word + "\"\n");
  }
  Node keys;
  keys.kind = Node::Kind::mapping;
  for (const char* key : {"no", "on", "y", "010", "1e3", "+5", "true", "1:30", "name", "7"})
    keys.entries.push_back({key, {}, scalar_node("x")});
  CHECK(to_yaml(keys) ==
        "\"no\": x\n\"on\": x\n\"y\": x\n\"010\": x\n\"1e3\": x\n\"+5\": x\n\"true\": x\n"
        "\"1:30\": x\nname: x\n7: x\n");
}

TEST_CASE("plain words are quoted where only other readers give them a type") {
  const Node root = parse_yaml(
      "[no, On, 0x1F, 2026-11-30, 1_000, .inf, True, true, false, 10, -3, 1.5, 1e-3]", "e.yaml");
  CHECK(to_yaml(root) ==
        "- \"no\"\n- \"On\"\n- \"0x1F\"\n- \"2026-11-30\"\n- \"1_000\"\n- \".inf\"\n- \"True\"\n"
        "- true\n- false\n- 10\n- -3\n- 1.5\n- 1e-3\n");
}

TEST_CASE("characters that YAML has no room for, or breaks lines at, are escaped") {
  const std::string text = "a\u0080b\u0085c\u2028d\u2029e\uFEFFf\uFFFEg\t\n\r\"\\é\U0001F600";
  const std::string written = to_yaml(scalar_node(text));
  CHECK(written ==
        "\"a\\u0080b\\u0085c\\u2028d\\u2029e\\uFEFFf\\uFFFEg\\t\\n\\r\\\"\\\\é\U0001F600\"\n");
  CHECK(parse_yaml(written, "e.yaml").text == text);
}

TEST_CASE("numbers are written so that readers of YAML 1.1 take them for numbers") {
  CHECK(to_yaml(number_node(1e22)) == "1.0e+22\n");
  CHECK(to_yaml(number_node(-1e-7)) == "-1.0e-07\n");
  CHECK(to_yaml(number_node(9.25e-11)) == "9.25e-11\n");
  CHECK(to_yaml(number_node(10)) == "10\n");
  CHECK(to_yaml(number_node(0.1)) == "0.1\n");
  CHECK(to_yaml(number_node(0)) == "0\n");
  CHECK(to_yaml(number_node(-0.0)) == "-0.0\n");
}

TEST_CASE("a second YAML reader sees the same texts") {
  std::vector<std::string> texts = kTyped;
  texts.insert(texts.end(), kTexts.begin(), kTexts.end());
  for (const char* text :
       {" x",    "x ",       "  ",       "a: b",     "#x",      "a #b", "-",          "- a", "? a",
        "&a",    "*a",       "!a",       "|",        ">",       "%a",   "@a",         "`a",  "'a'",
        "\"a\"", "[a",       "{a",       "a,b",      "---",     "...",  "x\ny",       "x\n", "\tx",
        "x\t",   "a\u0085b", "a\u2028b", "a\u0080b", "\uFEFFa", "é",    "\U0001F600", "a\\b"})
    texts.emplace_back(text);
  const auto read = test::second_reader(to_yaml(list_of(texts)));
  if (!read) {
    MESSAGE("skipped: no PyYAML (python3-yaml) here");
    return;
  }
  REQUIRE(read->size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(texts[i]);
    CHECK((*read)[i] == texts[i]);
  }
}
