#include "sim/report/section_json.hpp"

#include <cassert>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

namespace orrery::report {

using world::Absent;
using world::Cell;
using world::Figure;
using world::Section;
using world::Table;
using world::Unit;

std::string json_text(const Json& object) {
  // Texts come from traces and file names: bytes that are not UTF-8 must not end the run.
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json number_json(Unit unit, double value) {
  constexpr double kExact = 9007199254740992;  // 2^53: below, a double holds every whole number
  const bool whole = unit == Unit::count || unit == Unit::bytes;
  assert(!whole || value == std::floor(value));
  if (whole && value >= 0 && value < kExact) return static_cast<std::uint64_t>(value);
  return value;
}

Json& object_at(Json& root, const std::string& key, std::string& leaf) {
  Json* at = &root;
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
    at = &(*at)[key.substr(begin, dot - begin)];
    begin = dot + 1;
  }
  leaf = key.substr(begin);
  return *at;
}

namespace {

void put_absent(Json& root, const Figure& figure) {
  if (figure.absent == Absent::left_out) return;
  std::string leaf;
  Json& object = object_at(root, figure.key, leaf);
  if (figure.absent == Absent::null) object[leaf] = nullptr;
}

/// The object that holds a dotted key and the last part of it; nothing where something on the way
/// is null, or missing and that is `allowed`.
struct Found {
  JsonFields fields;
  std::string leaf;
};

std::optional<Found> find(const JsonFields& root, const std::string& key, bool allowed) {
  JsonFields fields = root;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t dot = key.find('.', begin);
    const std::string part = key.substr(begin, dot - begin);
    if (fields.is_null(part) || (allowed && !fields.has(part))) return std::nullopt;
    if (dot == std::string::npos) return Found{fields, part};
    fields = fields.object(part);
    begin = dot + 1;
  }
}

double number_from(const JsonFields& fields, const std::string& key, Unit unit) {
  const bool whole = unit == Unit::count || unit == Unit::bytes;
  return whole ? static_cast<double>(fields.count(key)) : fields.number(key);
}

struct CellJson {
  Unit unit;
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool flag) const { return flag; }
  Json operator()(double value) const { return number_json(unit, value); }
  Json operator()(const std::string& text) const { return text; }
};

Json row_json(const Table& table, const std::vector<Cell>& row) {
  assert(row.size() == table.columns.size());
  Json out = Json::object();
  for (std::size_t c = 0; c < row.size(); ++c) {
    std::string leaf;
    Json& object = object_at(out, table.columns[c].key, leaf);
    // Within the row, an object is made by its first cell that is not absent.
    const bool nested = &object != &out;
    if (nested && object.is_null() && std::holds_alternative<std::monostate>(row[c])) continue;
    object[leaf] = std::visit(CellJson{table.columns[c].unit}, row[c]);
  }
  return out;
}

Cell cell_from(const JsonFields& row, const Table::Column& column) {
  const auto found = find(row, column.key, false);
  if (!found) return std::monostate{};
  const Json& value = found->fields.at(found->leaf);
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  return number_from(found->fields, found->leaf, column.unit);
}

}  // namespace

void put_figures(Json& object, std::span<const Figure> figures) {
  for (const Figure& figure : figures) {
    if (!figure.value) {
      put_absent(object, figure);
      continue;
    }
    std::string leaf;
    Json& parent = object_at(object, figure.key, leaf);
    parent[leaf] = number_json(figure.unit, *figure.value);
  }
}

void read_figures(const JsonFields& fields, std::span<Figure> figures) {
  for (Figure& figure : figures) {
    figure.value.reset();
    if (const auto found = find(fields, figure.key, figure.absent == Absent::left_out))
      figure.value = number_from(found->fields, found->leaf, figure.unit);
  }
}

void put_notes(Json& object, const Section& section) {
  object["notes"] = section.notes;
  for (const Table& table : section.tables) {
    if (table.rows.empty()) continue;
    Json& rows = object[table.key] = Json::array();
    for (const std::vector<Cell>& row : table.rows) rows.push_back(row_json(table, row));
  }
}

void read_section(const JsonFields& fields, Section& section) {
  read_figures(fields, section.figures);
  section.notes = fields.texts("notes");
  for (Table& table : section.tables) {
    table.rows.clear();
    for (const JsonFields& object : fields.optional_objects(table.key)) {
      std::vector<Cell>& row = table.rows.emplace_back();
      for (const Table::Column& column : table.columns) row.push_back(cell_from(object, column));
    }
  }
}

}  // namespace orrery::report
