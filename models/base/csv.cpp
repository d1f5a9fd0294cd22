#include "models/base/csv.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "models/base/numbers.hpp"
#include "models/base/parameters.hpp"

namespace orrery::base {

namespace {

/// What an error shows of a cell: long ones are cut.
std::string shown(std::string_view cell) {
  constexpr std::size_t kMost = 60;
  if (cell.empty()) return "an empty cell";
  if (cell.size() <= kMost) return "'" + std::string(cell) + "'";
  return "'" + std::string(cell.substr(0, kMost)) + "...'";
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(' ') == std::string_view::npos;
}

/// The separator that a header of one column seems to have instead, in words; empty: none.
std::string other_separator(const std::vector<std::string>& header, char separator) {
  if (header.size() != 1) return {};
  for (const char other : {',', ';', '|', '\t'}) {
    if (other == separator || header.front().find(other) == std::string::npos) continue;
    return other == '\t' ? "tabs" : "'" + std::string(1, other) + "'";
  }
  return {};
}

bool needs_quotes(char c) {
  return c == ',' || c == '"' || c == '\r' || c == '\n';
}

}  // namespace

CsvReader::CsvReader(std::string path, char separator, Quotes quotes)
    : lines_(std::move(path)), separator_(separator), quotes_(quotes) {
  std::string_view line;
  bool found = false;
  while (!found && lines_.next(line)) found = !is_blank(line);
  if (!found) {
    throw Error({lines_.path(), 0, 0, ""}, "is empty, expected a first row with column names");
  }
  split(line);
  std::map<std::string_view, std::size_t> seen;
  for (const std::string_view name : fields_) {
    if (!seen.emplace(name, seen.size()).second) {
      throw Error(where(), "the column '" + std::string(name) + "' appears twice");
    }
    header_.emplace_back(name);
  }
}

std::optional<std::size_t> CsvReader::find_column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvReader::column(std::string_view name) const {
  if (const auto index = find_column(name)) return *index;
  std::string sentence = "the column '" + std::string(name) + "' is missing";
  const std::string near = nearest(name, header_);
  if (const std::string other = other_separator(header_, separator_); !other.empty()) {
    sentence += "; the first row looks separated by " + other + ", expected '" +
                std::string(1, separator_) + "'";
  } else if (!near.empty()) {
    sentence += "; is '" + near + "' meant?";
  } else {
    sentence += ", found the columns ";
    for (std::size_t i = 0; i < header_.size(); ++i) {
      sentence += (i == 0 ? "" : ", ") + header_[i];
    }
  }
  throw Error({lines_.path(), 1, 0, ""}, sentence);
}

bool CsvReader::next() {
  std::string_view line;
  do {
    if (!lines_.next(line)) return false;
  } while (is_blank(line));
  split(line);
  if (fields_.size() == header_.size()) return true;
  const std::size_t found = fields_.size();
  fields_.resize(header_.size());
  throw Error(where(), "found " + std::to_string(found) + (found == 1 ? " field" : " fields") +
                           ", expected " + std::to_string(header_.size()) + " as in the header");
}

void CsvReader::split(std::string_view line) {
  fields_.clear();
  unquoted_.clear();
  const char* at = line.data();
  const char* const end = at + line.size();
  const auto find = [end](const char* from, char wanted) {
    const auto rest = static_cast<std::size_t>(end - from);
    return rest == 0 ? nullptr : static_cast<const char*>(std::memchr(from, wanted, rest));
  };
  for (;;) {
    if (at < end && *at == '"' && quotes_ == Quotes::enclose) {
      at = split_quoted(at, end);
    } else {
      const char* stop = find(at, separator_);
      if (stop == nullptr) stop = end;
      fields_.emplace_back(at, static_cast<std::size_t>(stop - at));
      at = stop;
    }
    if (at == end) return;
    ++at;  // past the separator; a line that ends in one has an empty last field
  }
}

const char* CsvReader::split_quoted(const char* at, const char* end) {
  // Fields point into the buffer, so it may not grow once they do: unescaped text is never
  // longer than the line.
  if (unquoted_.empty()) unquoted_.reserve(static_cast<std::size_t>(end - at));
  const std::size_t begin = unquoted_.size();
  const auto fail = [this](const char* sentence) {
    fields_.assign(std::max(header_.size(), std::size_t{1}), {});
    throw Error(where(), sentence);
  };
  for (++at;; ++at) {
    if (at == end) fail("a quote is not closed on its line");
    if (*at == '"') {
      ++at;
      if (at == end || *at == separator_) break;
      if (*at != '"') fail("found text after a closing quote, expected the next field");
    }
    unquoted_.push_back(*at);
  }
  fields_.emplace_back(unquoted_.data() + begin, unquoted_.size() - begin);
  return at;
}

double CsvReader::number(std::size_t column) const {
  if (const auto value = parse_double(fields_[column])) return *value;
  throw Error(where(column), "found " + shown(fields_[column]) + ", expected a number");
}

std::int64_t CsvReader::integer(std::size_t column) const {
  if (const auto value = parse_integer(fields_[column])) return *value;
  throw Error(where(column), "found " + shown(fields_[column]) + ", expected a whole number");
}

Where CsvReader::where() const {
  return {lines_.path(), static_cast<int>(lines_.line_number()), 0, ""};
}

Where CsvReader::where(std::size_t column) const {
  Where place = where();
  if (column < header_.size()) place.key = header_[column];
  return place;
}

CsvWriter::CsvWriter(const std::vector<std::string>& header) : columns_(header.size()) {
  for (const std::string& name : header) field(name);
  end_row();
}

CsvWriter& CsvWriter::field(std::string_view text) {
  if (filled_++ > 0) text_ += ',';
  // A lone blank cell would read as a blank line.
  const bool vanishes = columns_ == 1 && is_blank(text);
  if (!vanishes && std::ranges::none_of(text, needs_quotes)) {
    text_ += text;
    return *this;
  }
  text_ += '"';
  for (const char c : text) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  text_ += '"';
  return *this;
}

CsvWriter& CsvWriter::field(double value) {
  if (std::isnan(value)) return empty();
  assert(std::isfinite(value));
  return number(value);
}

CsvWriter& CsvWriter::field(std::int64_t value) {
  return number(value);
}

template <class Number>
CsvWriter& CsvWriter::number(Number value) {
  char buffer[33];  // the comma, and the longest double in 24 characters
  char* const digits = buffer + 1;
  buffer[0] = ',';
  const char* const begin = filled_++ > 0 ? buffer : digits;
  const char* const end = std::to_chars(digits, buffer + sizeof buffer, value).ptr;
  text_.append(begin, static_cast<std::size_t>(end - begin));
  return *this;
}

CsvWriter& CsvWriter::empty() {
  return field(std::string_view());
}

void CsvWriter::end_row() {
  assert(filled_ == columns_);
  filled_ = 0;
  text_ += '\n';
}

std::string CsvWriter::take() {
  return std::exchange(text_, {});
}

}  // namespace orrery::base
