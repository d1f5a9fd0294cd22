#include "models/base/write_limit.hpp"

#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;

TEST_CASE("a bound on what is written counts all files together, while it lives") {
  const test::TemporaryDirectory folder;
  {
    const WriteLimit limit(1000, "write less");
    FileWriter one(folder.path() + "/one");
    FileWriter two(folder.path() + "/two");
    one.write(std::string(600, 'x'));
    two.write(std::string(400, 'x'));  // just all of it
    CHECK(message_of([&] { two.write("x"); }) ==
          folder.path() +
              "/two: with this file all that is written would be larger than 1 kB; write less");
    {
      const WriteLimit inner(10, "inner");
      FileWriter three(folder.path() + "/three");
      CHECK_NOTHROW(three.write(std::string(10, 'x')));
      CHECK_THROWS_AS(three.write("x"), Error);
    }
  }
  FileWriter four(folder.path() + "/four");
  CHECK_NOTHROW(four.write(std::string(5000, 'x')));
}
