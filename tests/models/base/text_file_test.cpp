#include "models/base/text_file.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <vector>

#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;

namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<std::string> lines_of(const std::string& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  std::string_view line;
  while (reader.next(line)) {
    lines.emplace_back(line);
    CHECK(reader.line_number() == lines.size());
  }
  CHECK(!reader.next(line));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines come without their ends, plain and gzip alike") {
  const test::TemporaryDirectory dir;
  const std::vector<std::pair<std::string, Lines>> cases = {
      {"", {}},
      {"\n", {""}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\n\nb", {"a", "", "b"}},
      {"a\r\nb\r\n", {"a", "b"}},
      {"a\rb\n", {"a\rb"}},
      {"\xEF\xBB\xBF", {}},
      {"\xEF\xBB\xBF\n", {""}},
      {"\xEF\xBB\xBF"
       "a\nb\n",
       {"a", "b"}},
      {"a\n\xEF\xBB\xBF"
       "b\n",
       {"a",
        "\xEF\xBB\xBF"
        "b"}},
  };
  for (const auto& one : cases) {
    const std::string& text = one.first;
    CAPTURE(text);
    CHECK(lines_of(test::write(dir / "plain", text)) == one.second);
    CHECK(lines_of(test::write(dir / "packed", gzip(text))) == one.second);
  }
}

TEST_CASE("long lines and many lines cross the buffer unharmed") {
  const test::TemporaryDirectory dir;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    test::TestNumbers numbers(seed);
    Lines expected;
    std::string text;
    for (int i = 0; i < 300; ++i) {
      const std::size_t size = numbers.below(20) == 0 ? numbers.below(400000) : numbers.below(4000);
      expected.emplace_back(size, static_cast<char>('a' + i % 26));
      text += expected.back() + "\n";
    }
    CHECK(lines_of(test::write(dir / "plain", text)) == expected);
    CHECK(lines_of(test::write(dir / "packed", gzip(text))) == expected);
    CHECK(read_text_file(dir / "packed") == text);
  }
}

TEST_CASE("gzip members written one after another are one text") {
  const test::TemporaryDirectory dir;
  const std::string path =
      test::write(dir / "a.gz", gzip("a\nb") + gzip("") + gzip("c\n") + gzip("d"));
  CHECK(lines_of(path) == Lines{"a", "bc", "d"});
  CHECK(read_text_file(path) == "a\nbc\nd");
}

TEST_CASE("a gzip file cut at any byte is an error and never a shorter text") {
  const test::TemporaryDirectory dir;
  const std::string whole = gzip("job,gpus\n1,8\n2,4\n") + gzip("3,2\n4,1\n");
  const std::size_t first_member = gzip("job,gpus\n1,8\n2,4\n").size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == first_member) continue;  // a whole member is a whole file
    CAPTURE(size);
    const std::string path = test::write(dir / "cut.gz", whole.substr(0, size));
    LineReader reader(path);
    const auto read_all = [&] {
      std::string_view line;
      while (reader.next(line)) {
      }
    };
    const auto error = test::error_of(read_all);
    REQUIRE(error);
    CHECK(error->where().file == path);
    CHECK(error->where().line == static_cast<int>(reader.line_number()) + 1);
    CHECK(error->sentence().find("end early") != std::string::npos);
    CHECK(reader.damaged());
    CHECK(message_of(read_all) == error->what());  // and it stays an error
    CHECK(message_of([&] { read_text_file(path); }).find("end early") != std::string::npos);
  }
}

TEST_CASE("a damaged gzip file is an error") {
  const test::TemporaryDirectory dir;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::to_string(i * 7919) + '\n';
  const std::string whole = gzip(text);
  int errors = 0;
  int flips = 0;
  // A flipped bit in the header's time or name may be harmless; in the data the checksum sees it.
  for (std::size_t at = 10; at < whole.size(); at += 37) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    const std::string path = test::write(dir / "broken.gz", broken);
    ++flips;
    errors += test::error_of([&] { lines_of(path); }) ? 1 : 0;
  }
  CHECK(errors == flips);
  const std::string trailing = test::write(dir / "trailing.gz", whole + "garbage");
  CHECK(message_of([&] { read_text_file(trailing); }).find("after the end") != std::string::npos);
  const std::string one_byte = test::write(dir / "one.gz", whole + "x");
  CHECK(message_of([&] { lines_of(one_byte); }).find("after the end") != std::string::npos);
}

TEST_CASE("a NUL byte is an error of its line, and the next line can be read") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(dir / "nul", std::string("a\nb\0c\nd\n", 8));
  LineReader reader(path);
  std::string_view line;
  CHECK(reader.next(line));
  CHECK(message_of([&] { reader.next(line); }) ==
        path + ":2: the line holds a NUL byte, expected text");
  CHECK(!reader.damaged());
  REQUIRE(reader.next(line));
  CHECK(line == "d");
  CHECK(message_of([&] { read_text_file(path); }) ==
        path + ":2: the line holds a NUL byte, expected text");
}

TEST_CASE("a line without end is an error, not all of the memory") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(dir / "long", "a\n" + std::string(17u << 20, 'x'));
  LineReader reader(path);
  std::string_view line;
  CHECK(reader.next(line));
  CHECK(message_of([&] { reader.next(line); }) == path + ":2: the line is longer than 16 MiB");
  CHECK(test::error_of([&] { reader.next(line); }));
  const std::string whole = test::write(dir / "whole", std::string(16u << 20, 'x').append("\nb\n"));
  LineReader longest(whole);
  REQUIRE(longest.next(line));
  CHECK(line.size() == (16u << 20));
}

TEST_CASE("what cannot be opened is named with its reason") {
  const test::TemporaryDirectory dir;
  const std::string absent = dir / "absent";
  CHECK(message_of([&] { LineReader reader(absent); }) ==
        absent + ": cannot be read: No such file or directory");
  CHECK(message_of([&] { read_text_file(dir.path()); }) ==
        dir.path() + ": is a directory, expected a file");
}

TEST_CASE("a file over the limit is refused") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(dir / "a", "0123456789");
  CHECK(read_text_file(path, 10) == "0123456789");
  CHECK(message_of([&] { read_text_file(path, 9); }) == path + ": is larger than 9 bytes");
}

TEST_CASE("a reader can be moved while it stands in a file") {
  const test::TemporaryDirectory dir;
  LineReader first(test::write(dir / "a", "1\n2\n3\n"));
  std::string_view line;
  CHECK(first.next(line));
  LineReader second = std::move(first);
  REQUIRE(second.next(line));
  CHECK(line == "2");
  CHECK(second.line_number() == 2);
}
