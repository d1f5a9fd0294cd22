#include "models/base/numbers.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "tests/models/base/support.hpp"

using namespace orrery::base;

TEST_CASE("decimal numbers are read whole") {
  CHECK(parse_double("0") == 0.0);
  CHECK(parse_double("-3") == -3.0);
  CHECK(parse_double("+3.5") == 3.5);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("5.") == 5.0);
  CHECK(parse_double("1e3") == 1000.0);
  CHECK(parse_double("1E-2") == 0.01);
  CHECK(parse_double("1.7976931348623157e308") == std::numeric_limits<double>::max());
}

TEST_CASE("anything else is not a number") {
  for (const char* text :
       {"",     " ",    " 1",  "1 ",    "+",     "-",      ".",      "+-1",   "-+1",       "--1",
        "1e",   "1e+",  "e5",  "nan",   "NaN",   "-nan",   "inf",    "-inf",  "+infinity", ".inf",
        ".nan", "0x10", "1,5", "1_000", "1e400", "-1e400", "1e-400", "12abc", "1 2"}) {
    CAPTURE(text);
    CHECK(!parse_double(text));
  }
  CHECK(!parse_double(std::string_view("1\0", 2)));
}

TEST_CASE("integers are read whole and never wrap") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("-0") == 0);
  CHECK(parse_integer("+12") == 12);
  CHECK(parse_integer("007") == 7);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", " 1", "1 ", "1.0", "1e3", "9223372036854775808",
                           "-9223372036854775809", "0x1", "abc", "+-1", "."}) {
    CAPTURE(text);
    CHECK(!parse_integer(text));
  }
}

TEST_CASE("the shortest text is short where people expect it") {
  CHECK(format_shortest(86400) == "86400");
  CHECK(format_shortest(0.1) == "0.1");
  CHECK(format_shortest(0) == "0");
  CHECK(format_shortest(-2.5) == "-2.5");
  CHECK(format_shortest(1e22) == "1e+22");
  CHECK(format_shortest(123456789) == "123456789");
  CHECK(format_shortest(0.1 + 0.2) == "0.30000000000000004");
  std::string out = "x=";
  append_shortest(out, 1.5);
  CHECK(out == "x=1.5");
}

TEST_CASE("the shortest text reads back as the same bits") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    test::TestNumbers numbers(seed);
    for (int i = 0; i < 1000; ++i) {
      const double value = std::bit_cast<double>(numbers.next());
      if (!std::isfinite(value) || std::fpclassify(value) == FP_SUBNORMAL) continue;
      const std::string text = format_shortest(value);
      CAPTURE(seed);
      CAPTURE(text);
      const auto read = parse_double(text);
      REQUIRE(read);
      CHECK(std::bit_cast<std::uint64_t>(*read) == std::bit_cast<std::uint64_t>(value));
      CHECK(text.size() <= 24);
      // The C library, which shares no code with ours, reads the same.
      CHECK(std::strtod(text.c_str(), nullptr) == value);
    }
  }
}
