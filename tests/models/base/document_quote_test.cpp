// Quotes that nothing closes.
#include <doctest/doctest.h>

#include "models/base/document.hpp"
#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;

namespace {

std::string parse_fault(const std::string& text) {
  return message_of([&] { parse_yaml(text, "a.yaml"); });
}

std::string open_quote(const std::string& place) {
  return "a.yaml:" + place + ": the quote that begins here is never closed";
}

}  // namespace

TEST_CASE("a quote that is never closed is told with its place, whatever it swallowed") {
  CHECK(parse_fault("name: \"t\nseed: 1\n") == open_quote("1:7"));
  CHECK(parse_fault("name: \"t") == open_quote("1:7"));
  CHECK(parse_fault("name: 't\nseed: 1\n\n") == open_quote("1:7"));
  CHECK(parse_fault("a: \"x\"\nb: 'it''s\nc: 1\n") == open_quote("2:4"));
  CHECK(parse_fault("a: \"say \\\"no\nb: don't\n") == open_quote("1:4"));
  CHECK(parse_fault("a: 'say \"no\"\nb: 1\n") == open_quote("1:4"));
  CHECK(parse_fault("a: [\"x, 1]\nb: 1\n") == open_quote("1:5"));
  CHECK(parse_fault("a: {b: 'x}\n") == open_quote("1:8"));
  CHECK(parse_fault("a: 1\n\"b: 2\nc: 3\n") == open_quote("2:1"));
  CHECK(parse_fault("a: ''' x\n") == open_quote("1:4"));
}

TEST_CASE("quotes that begin no text, or are closed, are nobody's fault") {
  for (const std::string text :
       {"a: don't\nb: 1\n", "a: 5\" pipe\n", "a: |\n  \"open\n  it's\n", "# it's \"open\na: 1\n",
        "a: \"x\n  y\"\n", "a: ''''\n", "a: \"\\\"\"\n", "a: |+\n  'x\n\n\n", "a: \"x\"", "'a': 1"})
    CHECK_MESSAGE(parse_fault(text) == "(no error)", text);
  CHECK(parse_yaml("a: |+\n  'x\n\n\n", "a.yaml").find("a")->text == "'x\n\n\n");
}

TEST_CASE("a fault before an open quote is told first") {
  CHECK(parse_fault("a: [1\nb: 'x\n").find("never closed") == std::string::npos);
  // The library finds documents without end before a bracket that was never opened.
  CHECK(parse_fault("!: 4}\nx\n? \"k") == open_quote("3:3"));
  CHECK(parse_fault("a: 1\na: 'x\n").find("twice") != std::string::npos);
}
