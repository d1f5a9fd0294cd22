#include "calibrate/timing/raw_rows.hpp"

#include <cmath>
#include <limits>
#include <map>

#include "calibrate/timing/statistics.hpp"
#include "models/base/numbers.hpp"

namespace orrery::calibrate {

namespace {

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{"kernel", "point",   "variant", "features",   "round",
                                              "repeat", "repeats", "seconds", "at_seconds", "note"};
  return names;
}

int count_field(const base::CsvReader& reader, std::size_t column, std::int64_t least) {
  const std::int64_t value = reader.integer(column);
  if (value < least || value > 1'000'000)
    throw base::Error(reader.where(column), "is no count: " + std::to_string(value));
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
    csv.end_row();
  }
  return csv.take();
}

RawRow raw_row(const base::CsvReader& reader) {
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
  return row;
}

std::vector<MeasuredPoint> measured_points(std::string_view kernel,
                                           std::span<const CalibrationPoint> plan,
                                           std::span<const RawRow> rows) {
  std::map<std::string, std::vector<double>> seconds;
  for (const RawRow& row : rows)
    if (row.kernel == kernel && !row.skipped()) seconds[row.point].push_back(row.seconds);
  std::vector<MeasuredPoint> measured;
  for (const CalibrationPoint& point : plan) {
    const auto found = seconds.find(point.id);
    if (found == seconds.end()) continue;
    measured.push_back({point, percentile(found->second, 0.5), repeat_spread(found->second),
                        static_cast<int>(found->second.size())});
  }
  return measured;
}

}  // namespace orrery::calibrate
