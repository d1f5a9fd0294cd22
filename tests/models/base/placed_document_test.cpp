// A document handed to another process means the same there: values, kinds and places.
#include "models/base/placed_document.hpp"

#include <doctest/doctest.h>

using namespace orrery::base;

namespace {

void check_equal(const Node& a, const Node& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.text == b.text);
  CHECK(a.quoted == b.quoted);
  CHECK(a.where == b.where);
  REQUIRE(a.items.size() == b.items.size());
  REQUIRE(a.entries.size() == b.entries.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) check_equal(a.items[i], b.items[i]);
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    CHECK(a.entries[i].key == b.entries[i].key);
    CHECK(a.entries[i].where == b.entries[i].where);
    check_equal(a.entries[i].value, b.entries[i].value);
  }
}

}  // namespace

TEST_CASE("a document with places reads back equal") {
  Node node = parse_yaml(
      "name: \"no\"\nlist: [1, {a: ~, b: 'x\\y \"z\"'}]\nempty: {}\nnone: []\ntext: \"ü\\n\\t\"\n",
      "folder/exp.yaml");
  node.entries.front().value.where.file = "--set name=no";
  check_equal(node, parse_placed_text(to_placed_text(node), "standard input"));
}

TEST_CASE("what is not such a text is refused") {
  for (const char* text : {"", "{}", "[1]", "{\"files\":[],\"root\":[0,[0,0,0,\"\"]]}",
                           "{\"files\":[\"a\"],\"root\":[1]}", "name: x"})
    CHECK_THROWS_AS(parse_placed_text(text, "standard input"), Error);
}
