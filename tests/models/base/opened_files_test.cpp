#include "models/base/opened_files.hpp"

#include <doctest/doctest.h>

#include "models/base/binary_file.hpp"
#include "models/base/text_file.hpp"
#include "tests/models/base/support.hpp"

using namespace orrery::base;

TEST_CASE("files that are opened are known once each, in order, to all who listen") {
  const test::TemporaryDirectory dir;
  for (const char* const name : {"a", "b", "c"}) test::write(dir / name, "text\n");
  const OpenedFiles outer;
  read_text_file(dir / "b");
  {
    const OpenedFiles inner;
    const BinaryFile binary(dir / "a");
    const LineReader lines(dir / "b");
    read_text_file(dir / "a");
    CHECK(inner.paths() == std::vector{dir / "a", dir / "b"});
  }
  const LineReader lines(dir / "c");
  CHECK(test::error_of([&] { read_text_file(dir / "absent"); }));
  CHECK(outer.paths() == std::vector{dir / "b", dir / "a", dir / "c"});
}
