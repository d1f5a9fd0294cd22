#include "models/base/csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/models/base/support.hpp"

using namespace orrery::base;
using test::message_of;

namespace {

using Row = std::vector<std::string>;

/// All that a reader says of a file: rows, and for a bad row the one word `error`.
std::vector<Row> rows_of(CsvReader& reader) {
  std::vector<Row> rows;
  for (;;) {
    try {
      if (!reader.next()) return rows;
    } catch (const Error&) {
      rows.push_back({"error"});
      continue;
    }
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < reader.header().size(); ++i) row.emplace_back(reader[i]);
  }
}

/// The same, letter by letter, as RFC 4180 tells it.
std::vector<Row> naive_rows(const std::string& text, std::size_t columns, char separator) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // the header
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(' ') == std::string::npos) continue;
    Row row(1);
    enum { at_start, plain, inside, closed } state = at_start;
    bool bad = false;
    for (const char c : line) {
      if (state == inside) {
        if (c == '"') {
          state = closed;
        } else {
          row.back() += c;
        }
      } else if (c == separator) {
        row.emplace_back();
        state = at_start;
      } else if (state == closed) {
        if (c != '"') bad = true;
        row.back() += c;
        state = inside;
      } else if (state == at_start && c == '"') {
        state = inside;
      } else {
        row.back() += c;
        state = plain;
      }
    }
    if (bad || state == inside || row.size() != columns) row = {"error"};
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("rows are read by the names of their columns") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(
      dir / "a.csv", "job,gpus,seconds\r\n\r\na,8,1.5\n   \n\"b \"\"x\"\", y\",4,\n\"\",,-2\n");
  CsvReader reader(path);
  CHECK(reader.header() == Row{"job", "gpus", "seconds"});
  CHECK(reader.column("seconds") == 2);
  CHECK(!reader.find_column("Job"));
  REQUIRE(reader.next());
  CHECK(reader[0] == "a");
  CHECK(reader.integer(1) == 8);
  CHECK(reader.number(2) == 1.5);
  CHECK(reader.line_number() == 3);
  CHECK(reader.where(1) == Where{path, 3, 0, "gpus"});
  REQUIRE(reader.next());
  CHECK(reader[0] == "b \"x\", y");
  CHECK(reader[2] == "");
  CHECK(message_of([&] { reader.number(2); }) ==
        path + ":5: seconds: found an empty cell, expected a number");
  REQUIRE(reader.next());
  CHECK(reader[0] == "");
  CHECK(reader[1] == "");
  CHECK(message_of([&] { reader.integer(1); }) ==
        path + ":6: gpus: found an empty cell, expected a whole number");
  CHECK(!reader.next());
  CHECK(!reader.next());
}

TEST_CASE("a number cell holds a finite number and nothing else") {
  const test::TemporaryDirectory dir;
  const std::string path = test::write(dir / "a.csv", "n\nnan\ninf\n1e999\n 1\n1.5x\n");
  CsvReader reader(path);
  int rows = 0;
  while (reader.next()) {
    ++rows;
    CHECK(test::error_of([&] { reader.number(0); }));
    CHECK(test::error_of([&] { reader.integer(0); }));
  }
  CHECK(rows == 5);
}

TEST_CASE("a bad row is an error with its line, and the next row can be read") {
  const test::TemporaryDirectory dir;
  const std::string path =
      test::write(dir / "a.csv", "a,b\n1\n1,2,3\n\"1,2\n\"1\"x,2\n\"1\",\n3,4\n");
  CsvReader reader(path);
  CHECK(message_of([&] { reader.next(); }) ==
        path + ":2: found 1 field, expected 2 as in the header");
  CHECK(reader[1] == "");  // the fields that are there can be looked at
  CHECK(message_of([&] { reader.next(); }) ==
        path + ":3: found 3 fields, expected 2 as in the header");
  CHECK(message_of([&] { reader.next(); }) == path + ":4: a quote is not closed on its line");
  CHECK(message_of([&] { reader.next(); }) ==
        path + ":5: found text after a closing quote, expected the next field");
  CHECK(reader[1] == "");
  CHECK(reader.next());
  REQUIRE(reader.next());
  CHECK(reader.integer(1) == 4);
  CHECK(!reader.damaged());
}

TEST_CASE("a header that cannot be used is refused") {
  const test::TemporaryDirectory dir;
  const std::string empty = test::write(dir / "empty.csv", "");
  CHECK(message_of([&] { CsvReader reader(empty); }) ==
        empty + ": is empty, expected a first row with column names");
  const std::string blank = test::write(dir / "blank.csv", "\n\n");
  CHECK(message_of([&] { CsvReader reader(blank); }) ==
        blank + ": is empty, expected a first row with column names");
  const std::string twice = test::write(dir / "twice.csv", "a,b,a\n");
  CHECK(message_of([&] { CsvReader reader(twice); }) == twice + ":1: the column 'a' appears twice");
  const std::string path = test::write(dir / "a.csv", "submit_seconds,gpus\n");
  const CsvReader reader(path);
  CHECK(message_of([&] { reader.column("submit_second"); }) ==
        path + ":1: the column 'submit_second' is missing; is 'submit_seconds' meant?");
  CHECK(message_of([&] { reader.column("xyz"); }) ==
        path + ":1: the column 'xyz' is missing, found the columns submit_seconds, gpus");
}

TEST_CASE("tabs separate as well as commas, and a row of empty cells is not a blank line") {
  const test::TemporaryDirectory dir;
  CsvReader reader(test::write(dir / "a.tsv", "a\tb\tc\n\t\t\n1,2\t3\t\n"), '\t');
  CHECK(rows_of(reader) == std::vector<Row>{{"", "", ""}, {"1,2", "3", ""}});
}

TEST_CASE("any text is read as a naive reader reads it") {
  const test::TemporaryDirectory dir;
  const std::string letters = "ab,,\"\"\n\n\r ;1.";
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    test::TestNumbers numbers(seed);
    const char separator = numbers.below(2) == 0 ? ',' : ';';
    std::string text = separator == ',' ? "x,y,z\n" : "x;y;z\n";
    for (std::size_t i = numbers.below(120); i > 0; --i)
      text += letters[numbers.below(letters.size())];
    CsvReader reader(test::write(dir / "a.csv", text), separator);
    const auto rows = rows_of(reader);
    CAPTURE(seed);
    CAPTURE(text);
    REQUIRE(rows == naive_rows(text, 3, separator));
  }
}

TEST_CASE("what is written reads back") {
  const test::TemporaryDirectory dir;
  const std::string letters = "ab ,\"'x;\t";
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    test::TestNumbers numbers(seed);
    const std::size_t columns = 1 + numbers.below(4);
    Row header;
    for (std::size_t i = 0; i < columns; ++i) header.push_back("c" + std::to_string(i));
    CsvWriter writer(header);
    std::string text = writer.take();
    std::vector<Row> rows(numbers.below(8), Row(columns));
    for (Row& row : rows) {
      for (std::string& cell : row) {
        for (std::size_t i = numbers.below(6); i > 0; --i) {
          cell += letters[numbers.below(letters.size())];
        }
        writer.field(cell);
      }
      writer.end_row();
    }
    text += writer.text();
    CsvReader reader(test::write(dir / "a.csv", text));
    // Rows of nothing but blanks are written so that they are not taken for blank lines only
    // where there is one column; with more there is a comma.
    CHECK(rows_of(reader) == rows);
  }
}

TEST_CASE("numbers are written shortest and NaN is an empty cell") {
  CsvWriter writer({"a", "b", "c", "d"});
  writer.field(0.1).field(std::numeric_limits<double>::quiet_NaN());
  writer.field(std::numeric_limits<std::int64_t>::min()).empty().end_row();
  CHECK(writer.text() == "a,b,c,d\n0.1,,-9223372036854775808,\n");
  CHECK(writer.take() == "a,b,c,d\n0.1,,-9223372036854775808,\n");
  CHECK(writer.text().empty());
}
