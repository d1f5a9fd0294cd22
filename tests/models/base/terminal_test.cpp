#include "models/base/terminal.hpp"

#include <doctest/doctest.h>

using orrery::base::printable;

TEST_CASE("control characters of a text are written out, its letters and lines are kept") {
  CHECK(printable("job 1\n\tnext") == "job 1\n\tnext");
  CHECK(printable("\x1b[2J\x07 a\rb\x7f") == "\\x1b[2J\\x07 a\\x0db\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\x9b31m");  // CSI as one character
  CHECK(printable("Größe, 東京, \xc2\xa0") == "Größe, 東京, \xc2\xa0");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xc2") == "\xc2");
}

TEST_CASE("a stream that is full is not the end of the program") {
  std::FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  CHECK_NOTHROW(orrery::base::say(full, "nobody reads this"));
  std::fclose(full);
}
