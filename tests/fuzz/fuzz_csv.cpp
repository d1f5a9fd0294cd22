// Any bytes are rows or an Error; a reader that skips bad rows comes to an end, and good rows
// survive being written and read again.

#include <vector>

#include "models/base/csv.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery::base;
using orrery::fuzz::InputFile;
using orrery::fuzz::require;

namespace {

using Row = std::vector<std::string>;

struct Table {
  Row header;
  std::vector<Row> rows;
  bool damaged = false;
};

Table read_table(const InputFile& file, char separator) {
  Table table;
  CsvReader reader(file.path(), separator);
  table.header = reader.header();
  for (;;) {
    try {
      if (!reader.next()) return table;
    } catch (const Error&) {
      table.damaged = reader.damaged();
      if (table.damaged) return table;
      continue;
    }
    Row& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      row.emplace_back(reader[i]);
      try {
        reader.number(i);
        reader.integer(i);
      } catch (const Error& error) {
        require(error.where().line > 0);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const char separator = data[0] % 2 == 0 ? ',' : '\t';
  Table table;
  try {
    table = read_table(InputFile(data + 1, size - 1), separator);
  } catch (const Error&) {
    return 0;
  }
  CsvWriter writer(table.header);
  for (const Row& row : table.rows) {
    for (const std::string& cell : row) writer.field(cell);
    writer.end_row();
  }
  const std::string& text = writer.text();
  // A first name that begins like gzip or with a second byte order mark is read as such.
  if (text.starts_with("\x1f\x8b") || text.starts_with("\xEF\xBB\xBF")) return 0;
  const Table again =
      read_table(InputFile(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), ',');
  require(again.header == table.header && again.rows == table.rows && !again.damaged);
  return 0;
}
