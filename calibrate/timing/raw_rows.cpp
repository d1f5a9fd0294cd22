#include "calibrate/timing/raw_rows.hpp"

#include <cmath>
#include <limits>

#include "models/base/numbers.hpp"

namespace orrery::calibrate {

namespace {

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{
      "kernel",  "point",   "variant",    "features", "round",     "repeat",
      "repeats", "seconds", "at_seconds", "note",     "disturbed", "yardstick_seconds"};
  return names;
}

constexpr std::size_t kEarlierColumns = 10;  // of files before `disturbed`

int count_field(const base::CsvReader& reader, std::size_t column, std::int64_t least) {
  const std::int64_t value = reader.integer(column);
  if (value < least || value > 1'000'000)
    throw base::Error(reader.where(column), "is not a count: " + std::to_string(value));
  return static_cast<int>(value);
}

}  // namespace

std::string features_text(const models::NamedNumbers& features) {
  std::string text;
  for (const auto& [name, value] : features) {
    if (!text.empty()) text += ' ';
    text += name + '=';
    base::append_shortest(text, value);
  }
  return text;
}

std::string raw_header() {
  return base::CsvWriter(columns()).text();
}

std::string raw_lines(std::span<const RawRow> rows) {
  base::CsvWriter csv(columns());
  csv.take();
  for (const RawRow& row : rows) {
    csv.field(row.kernel).field(row.point).field(row.variant).field(row.features);
    csv.field(std::int64_t{row.round}).field(std::int64_t{row.repeat});
    csv.field(std::int64_t{row.repeats}).field(row.seconds).field(row.at_seconds).field(row.note);
    csv.field(row.disturbed);
    csv.field(row.yardstick_seconds > 0 ? row.yardstick_seconds
                                        : std::numeric_limits<double>::quiet_NaN());
    csv.end_row();
  }
  return csv.take();
}

namespace {

RawRow raw_row(const base::CsvReader& reader, bool earlier) {
  RawRow row;
  row.kernel = reader[0];
  row.point = reader[1];
  row.variant = reader[2];
  row.features = reader[3];
  row.round = count_field(reader, 4, 1);
  row.repeat = count_field(reader, 5, 0);
  row.repeats = count_field(reader, 6, 0);
  row.seconds = row.skipped() ? std::numeric_limits<double>::quiet_NaN() : reader.number(7);
  row.at_seconds = reader.number(8);
  row.note = reader[9];
  if (!row.skipped() && !(row.seconds > 0))
    throw base::Error(reader.where(7), "expected a time above zero");
  if (earlier) return row;
  row.disturbed = reader[10];
  if (!reader[11].empty()) row.yardstick_seconds = reader.number(11);
  return row;
}

}  // namespace

std::vector<RawRow> read_raw_rows(const std::string& path) {
  base::CsvReader reader(path);
  const std::vector<std::string> earlier(columns().begin(), columns().begin() + kEarlierColumns);
  const bool old = reader.header() == earlier;
  if (!old && reader.header() != columns())
    throw base::Error(reader.where(), "has other columns than this program writes");
  std::vector<RawRow> rows;
  while (reader.next()) rows.push_back(raw_row(reader, old));
  return rows;
}

}  // namespace orrery::calibrate
