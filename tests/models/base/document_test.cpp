#include "models/base/document.hpp"

#include <doctest/doctest.h>

#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;
using Kind = Node::Kind;

namespace {

Node parse(std::string_view text) {
  return parse_yaml(text, "e.yaml");
}

std::string error(std::string_view text) {
  return message_of([&] { parse(text); });
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Whether two trees mean the same. Quotes count only where the plain word would mean another.
bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() ||
      a.entries.size() != b.entries.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (a.entries[i].key != b.entries[i].key) return false;
    if (!same(a.entries[i].value, b.entries[i].value)) return false;
  }
  return true;
}

std::string random_text(test::TestNumbers& numbers) {
  static const std::vector<std::string> parts = {
      "a",  "null",   "true",   "1",      ".5",     "-",      ":",         ": ", "#",  " #", " ",
      "\n", "\t",     "\"",     "'",      "\\",     "[",      "{",         ",",  "&x", "*x", "!",
      "|",  ">",      "%",      "@",      "`",      "~",      "<<",        "?",  "? ", "- ", "=",
      "é",  "\u2028", "\u0085", "\u0080", "\uFFFE", "1:30",   "_",         "y",  "=",  "on", "…",
      "no", "\r",     "---",    "...",    "0x1F",   "\uFEFF", "\U0001F600"};
  std::string text;
  for (std::size_t i = numbers.below(4); i > 0; --i) text += parts[numbers.below(parts.size())];
  return text;
}

Node random_tree(test::TestNumbers& numbers, int depth) {
  Node node;
  const std::size_t kind = numbers.below(depth > 0 ? 6 : 3);
  if (kind == 0) return node;
  if (kind <= 2) {
    node = scalar_node(random_text(numbers));
    node.quoted = kind == 2;
    return node;
  }
  const std::size_t size = numbers.below(4);
  node.kind = kind == 3 ? Kind::sequence : Kind::mapping;
  for (std::size_t i = 0; i < size; ++i) {
    if (kind == 3) {
      node.items.push_back(random_tree(numbers, depth - 1));
    } else if (std::string key = random_text(numbers); node.find(key) == nullptr && key != "<<") {
      node.entries.push_back({std::move(key), {}, random_tree(numbers, depth - 1)});
    }
  }
  return node;
}

}  // namespace

TEST_CASE("every value knows its place and its path") {
  const Node root = parse("name: x\ncluster:\n  nodes:\n    - {count: 20, gpu: v100}\n    - y\n");
  CHECK(root.where == Where{"e.yaml", 1, 1, ""});
  CHECK(root.find("name")->where == Where{"e.yaml", 1, 7, "name"});
  const Node& nodes = *root.find("cluster")->find("nodes");
  CHECK(nodes.kind == Kind::sequence);
  CHECK(nodes.where == Where{"e.yaml", 4, 5, "cluster.nodes"});
  CHECK(nodes.items[0].find("gpu")->where == Where{"e.yaml", 4, 24, "cluster.nodes[0].gpu"});
  CHECK(nodes.items[0].entries[1].where == Where{"e.yaml", 4, 19, "cluster.nodes[0].gpu"});
  CHECK(nodes.items[1].where == Where{"e.yaml", 5, 7, "cluster.nodes[1]"});
  CHECK(root.find("absent") == nullptr);
}

TEST_CASE("scalars keep their text and their quotes") {
  const Node root =
      parse("a: 010\nb: '5'\nc: ~\nd:\ne: null\nf: \"x\\ty\"\ng: |\n  1\n  2\nh: yes\n");
  CHECK(root.find("a")->text == "010");
  CHECK(!root.find("a")->quoted);
  CHECK(root.find("b")->text == "5");
  CHECK(root.find("b")->quoted);
  CHECK(root.find("c")->kind == Kind::null);
  CHECK(root.find("d")->kind == Kind::null);
  CHECK(root.find("e")->kind == Kind::null);
  CHECK(root.find("f")->text == "x\ty");
  CHECK(root.find("g")->text == "1\n2\n");
  CHECK(root.find("g")->quoted);
  CHECK(root.find("h")->text == "yes");
}

TEST_CASE("an empty document is null") {
  for (const char* text : {"", "\n", "# only a remark\n", "---\n", "~", "\xEF\xBB\xBF"}) {
    CAPTURE(text);
    const Node root = parse(text);
    CHECK(root.kind == Kind::null);
    CHECK(root.where.file == "e.yaml");
  }
}

TEST_CASE("the standard tags are understood and others refused") {
  const Node root =
      parse("a: !!str 5\nb: !!int \"5\"\nc: !!null ''\nd: !!map {x: 1}\ne: !!seq [1]\nf: ! 5\n");
  CHECK(root.find("a")->quoted);
  CHECK(!root.find("b")->quoted);
  CHECK(root.find("c")->kind == Kind::null);
  CHECK(root.find("d")->is_mapping());
  CHECK(root.find("e")->kind == Kind::sequence);
  CHECK(root.find("f")->quoted);
  CHECK(has(error("a: !gpu 5"), "e.yaml:1:4: the tag '!gpu' is not known"));
  CHECK(has(error("a: !!python/object {x: 1}"), "is not known"));
  CHECK(has(error("a: !!map [1]"), "is not known here"));
  CHECK(has(error("a: !!seq 5"), "found a text tagged !!seq"));
  CHECK(has(error("a: !!null 5"), "expected nothing"));
}

TEST_CASE("aliases stand for a copy that knows its own path") {
  const Node root = parse("a: &x {gpu: v100, n: [1, 2]}\nb: *x\nc: [*x]\n");
  CHECK(same(*root.find("a"), *root.find("b")));
  CHECK(root.find("b")->find("n")->items[1].where == Where{"e.yaml", 1, 26, "b.n[1]"});
  CHECK(root.find("c")->items[0].find("gpu")->where.key == "c[0].gpu");
  CHECK(parse("&k key: 1\nother: *k\n").find("other")->text == "key");
  CHECK(parse("a: &k key\n*k : 2\n").find("key")->text == "2");
}

TEST_CASE("what a reader could misunderstand is refused with its place") {
  CHECK(error("a: 1\nb: 2\na: 3\n") == "e.yaml:3:1: a: the key 'a' appears twice, first in line 1");
  CHECK(error("x: {a: 1, 'a': 2}") ==
        "e.yaml:1:11: x.a: the key 'a' appears twice, first in line 1");
  CHECK(error("a: 1\n---\nb: 2\n") ==
        "e.yaml:2:1: found a second document, expected one document in a file");
  CHECK(has(error("a: 1\n---\n"), "second document"));
  CHECK(has(error("<<: {a: 1}"), "merge keys"));
  CHECK(has(error("a: &x [*x]"), "inside the value that it names"));
  CHECK(has(error("a: &x {b: *x}"), "inside the value that it names"));
  CHECK(has(error("? [a]\n: 1"), "found a list as the key"));
  CHECK(has(error("{a: 1}: 2"), "found a mapping as the key"));
  CHECK(has(error("~: 1"), "found an empty key or null"));
  CHECK(has(error(": 1"), "found an empty key or null"));
  CHECK(has(error("x: &a [1]\n*a : 2"), "alias to a non-scalar"));
  CHECK(has(error(std::string(201, 'k').append(": 1")), "201 bytes"));
}

TEST_CASE("bad syntax is an error with its place") {
  for (const char* text : {"a: [1", "a: {b: 1", "a: \"x", "a: *unknown", "a: b: c", "a:\n\t- b",
                           "- a\nb: 1", "a: 'x' y", "&a", "%YAML 9.9\n---\na", "a: @x", "a: [1]]",
                           "\"\\x\"", "!<", "a: |x\n b", "a: &x &y 1"}) {
    CAPTURE(text);
    const auto fault = test::error_of([&] { parse(text); });
    if (std::string_view(text) == "&a") continue;  // an anchored null
    REQUIRE(fault);
    CHECK(fault->where().file == "e.yaml");
    CHECK(fault->where().line >= 1);
  }
  CHECK(error("a: 1\nb: [2\n").starts_with("e.yaml:3:1: is not valid YAML: "));
}

TEST_CASE("a tab in the indentation is named, with its place") {
  const std::string named = "found a tab in the indentation, expected blanks";
  CHECK(error("a:\n\tb: 1") == "e.yaml:2:1: " + named);
  CHECK(error("a:\n\t- b") == "e.yaml:2:1: " + named);
  CHECK(error("\ta: 1") == "e.yaml:1:1: " + named);
  CHECK(error("a: 1\n\tb: 2\n") == "e.yaml:2:1: " + named);
  CHECK(error("a:\n  b: 1\n  \tc: 2\n") == "e.yaml:3:3: " + named);
  CHECK(error("a:\r\n  b: 1\r\n\tc: 2\r\n") == "e.yaml:3:1: " + named);
  CHECK(error("-\ta: 1\n") == "e.yaml:1:2: " + named);
  CHECK(error("- \t- a\n") == "e.yaml:1:3: " + named);
  CHECK(error("é: 1\nx:\n\n\n\ty: 1\n") == "e.yaml:5:1: " + named);
  CHECK(error("a: |\n\ttext\n") == "e.yaml:2:1: " + named);
  // Whatever stands behind it.
  CHECK(error("a:\n\tb: 1\n\tc: [\n") == "e.yaml:2:1: " + named);
  CHECK(error("a:\n\tb: 1\na: 2\na: 3\n") == "e.yaml:2:1: " + named);
}

TEST_CASE("tabs that YAML allows are not faults, and not blamed for another") {
  CHECK(parse("a: [1,\n\t2]\nb:\t3\t\n").find("b")->text == "3");
  CHECK(parse("a: \"x\n\ty\"\n").find("a")->text == "x y");
  for (const char* text : {"a: {x: 1,\n\ty: b: c}\n", "a: [1,\n\t2}\n", "a: [1,\n\t2\n",
                           "a: [1,\n\t2]\nb: c: d\n", "a: 'x'\n\tb: 2\n", "a:\tb: 1\n"}) {
    CAPTURE(text);
    CHECK(has(error(text), "is not valid YAML: "));
  }
}

TEST_CASE("bytes that are not text are refused with their place") {
  CHECK(error(std::string_view("a: 1\nb: \0", 9)) ==
        "e.yaml:2:4: found the byte 0x00, a control character");
  CHECK(error("a: \x04\nb: 2") == "e.yaml:1:4: found the byte 0x04, a control character");
  for (const char* text : {"\xff", "a: \xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                           "\x80", "\xfe\xff\x00\x61"}) {
    CHECK(has(error(text), "is not UTF-8 text"));
  }
  for (const char* text : {"a: \"\\0\"", "a: \"\\x07\"", "a: \"\\N\"", "\"\\_\": 1"}) {
    CHECK(has(error(text), "escape for a control character"));
  }
  CHECK(parse("a: \"\\u00e9\"").find("a")->text == "é");
  CHECK(parse("é: \U0001F600").find("é")->text == "\U0001F600");
}

TEST_CASE("documents that grow without bound are refused") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    std::string line = "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int j = 0; j < 9; ++j) line += ", " + below;
    laughs += line + "]\n";
  }
  CHECK(has(error(laughs), "more than 1,000,000 values"));

  std::string texts = "t: &t " + std::string(1 << 20, 'x') + "\nl:\n";
  for (int i = 0; i < 1000; ++i) texts += "- *t\n";
  CHECK(has(error(texts), "larger than 256 MiB"));

  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(parse(nested(64)).kind == Kind::sequence);
  CHECK(has(error(nested(65)), "deeper than 64"));
  CHECK(has(error(nested(100000)), "deeper than 64"));
  CHECK(test::error_of([] { parse(std::string(100000, '[')); }));
  // Depth that only an alias reaches.
  const std::string half = "a: &a " + nested(40) + "\nb: ";
  CHECK(has(error(half + std::string(30, '[') + "*a" + std::string(30, ']')), "deeper than 64"));
  CHECK(has(error(std::string((16u << 20) + 1, ' ')), "larger than 16 MiB"));
}

TEST_CASE("a million values are read, one more is not") {
  std::string text = "[";
  for (int i = 0; i < 999998; ++i) text += "1,";
  CHECK(parse(text + "1]").items.size() == 999999);
  CHECK(has(error(text + "1,1]"), "more than 1,000,000 values"));
}

TEST_CASE("a file is read under its name") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(dir / "e.yaml", "a: [1, 2]\n");
  CHECK(load_yaml(path).find("a")->items[1].where.file == path);
  CHECK(has(message_of([&] { load_yaml(dir / "absent.yaml"); }), "No such file"));
  CHECK(has(message_of([&] { load_yaml(dir.path()); }), "is a directory"));
}

TEST_CASE("merging lays one document over another, key by key") {
  const Node base = parse_yaml("a: 1\nb: {x: 1, y: [1, 2]}\nc: 3\n", "base");
  const Node over = parse_yaml("d: 4\nb: {z: 5, y: [9]}\na: {deep: 1}\n", "over");
  const Node result = merge(base, over);
  CHECK(to_yaml(result) == "a:\n  deep: 1\nb:\n  x: 1\n  \"y\":\n    - 9\n  z: 5\nc: 3\nd: 4\n");
  CHECK(result.find("c")->where.file == "base");
  CHECK(result.find("b")->find("x")->where.file == "base");
  CHECK(result.find("b")->find("y")->where.file == "over");
  CHECK(result.find("a")->where.file == "over");
  CHECK(same(merge(base, parse("{}")), base));
  CHECK(merge(base, Node{}).kind == Kind::null);
}

TEST_CASE("merging is the same in one step and in two") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    test::TestNumbers numbers(seed);
    const Node a = random_tree(numbers, 3);
    const Node b = random_tree(numbers, 3);
    CHECK(same(merge(a, a), a));
    if (!b.is_mapping()) CHECK(same(merge(a, b), b));
    CHECK(same(merge(merge(a, b), b), merge(a, b)));
  }
}

TEST_CASE("a value is set at its path, with mappings made on the way") {
  Node root = parse("policy: {name: fifo}\nnodes:\n- {count: 1}\n- {count: 2}\nempty:\n");
  const Where where{"--set", 0, 0, ""};
  set_at(root, "policy.name", scalar_node("srtf", where), where);
  set_at(root, "nodes[1].count", scalar_node("7", where), where);
  set_at(root, "stop.after.seconds", scalar_node("9", where), where);
  set_at(root, "empty.x", parse_yaml("[1, {y: 2}]", "--set"), where);
  CHECK(to_yaml(root) ==
        "policy:\n  name: srtf\nnodes:\n  - count: 1\n  - count: 7\nempty:\n  x:\n    - 1\n    - "
        "\"y\": 2\nstop:\n  after:\n    seconds: 9\n");
  CHECK(root.find("nodes")->items[1].find("count")->where ==
        Where{"--set", 0, 0, "nodes[1].count"});
  CHECK(root.find("empty")->find("x")->items[1].find("y")->where.key == "empty.x[1].y");
  CHECK(root.find("stop")->find("after")->where.key == "stop.after");

  const auto set = [&](const char* path) {
    return message_of([&] { set_at(root, path, scalar_node("x"), where); });
  };
  CHECK(set("policy.name.x") == "--set: 'policy.name' is a single value, expected a mapping");
  CHECK(set("nodes[2].count") == "--set: 'nodes' has 2 items, counted from 0; there is no [2]");
  CHECK(set("nodes.count") == "--set: 'nodes' is a list, expected a mapping");
  CHECK(set("policy[0]") == "--set: 'policy' is a mapping, expected a list");
  for (const char* path : {"", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[1", "a[1]b",
                           "[0]", "nodes[99999999999999999999]"}) {
    CAPTURE(path);
    CHECK(has(set(path), "is not the path of a parameter"));
  }
  std::string deep = "a";
  for (int i = 0; i < 100; ++i) deep += ".a";
  CHECK(has(set(deep.c_str()), "deeper than 64"));
}

TEST_CASE("a document is written in one way") {
  const Node root = parse(
      "{name: \"fifo\", n: '5', t: 30 min, e: [], m: {}, z: ~, q: 'a: b', l: [[1, [2]], {a: 1, b: "
      "2}], nl: \"x\\ny\", yes: 'true', neg: -3, s: ''}");
  CHECK(to_yaml(root) ==
        "name: fifo\n\"n\": \"5\"\nt: 30 min\ne: []\nm: {}\nz: null\nq: \"a: b\"\nl:\n  - - 1\n    "
        "- - "
        "2\n  - a: 1\n    b: 2\nnl: \"x\\ny\"\n\"yes\": \"true\"\nneg: -3\ns: \"\"\n");
  CHECK(to_yaml(Node{}) == "null\n");
  CHECK(to_yaml(scalar_node("null")) == "\"null\"\n");
}

TEST_CASE("what is written reads back as the same tree, and is written the same again") {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    test::TestNumbers numbers(seed);
    const Node tree = random_tree(numbers, 4);
    const std::string text = to_yaml(tree);
    CAPTURE(seed);
    CAPTURE(text);
    Node read;
    REQUIRE_NOTHROW(read = parse(text));
    REQUIRE(same(tree, read));
    REQUIRE(to_yaml(read) == text);
  }
}
