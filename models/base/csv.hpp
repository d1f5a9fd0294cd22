// CSV and other separated text, read as a stream and written with the shortest exact numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/text_file.hpp"

namespace orrery::base {

/// What a `"` is in a separated text file.
enum class Quotes {
  enclose,   ///< it encloses a field; doubled inside
  are_text,  ///< a character like any other: the writer of the file quotes nothing
};

/// Streams the rows of a separated text file whose first row names the columns. Fields may be
/// quoted with `"` (doubled inside); a quoted field may not span lines.
class CsvReader {
 public:
  /// Reads the header. Throws Error for an unreadable or empty file or a duplicate column name.
  explicit CsvReader(std::string path, char separator = ',', Quotes quotes = Quotes::enclose);

  const std::vector<std::string>& header() const { return header_; }
  /// The index of a column; throws Error naming the nearest column when it is absent.
  std::size_t column(std::string_view name) const;
  std::optional<std::size_t> find_column(std::string_view name) const;

  /// Moves to the next row that is not blank; false at the end. Throws Error when the number of
  /// fields differs from the header's or a quote stays open; the reader then stands on that row
  /// and may go on with the next one.
  bool next();

  /// A field of the current row, valid until `next`.
  std::string_view operator[](std::size_t column) const { return fields_[column]; }
  /// The field as a number or integer; throws Error naming row and column.
  double number(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;

  /// The place of a field of the current row, for errors.
  Where where(std::size_t column) const;
  /// The place of the current row.
  Where where() const;
  std::size_t line_number() const { return lines_.line_number(); }
  /// Whether the file itself failed (see LineReader::damaged): such an error is not a bad row.
  bool damaged() const { return lines_.damaged(); }

 private:
  void split(std::string_view line);
  const char* split_quoted(const char* at, const char* end);

  LineReader lines_;
  char separator_;
  Quotes quotes_;
  std::vector<std::string> header_;
  std::vector<char> unquoted_;            // what stood in quotes, unescaped
  std::vector<std::string_view> fields_;  // into the line, or into unquoted_
};

/// Builds CSV text row by row.
class CsvWriter {
 public:
  /// Writes the header row.
  explicit CsvWriter(const std::vector<std::string>& header);

  CsvWriter& field(std::string_view text);
  CsvWriter& field(double value);  ///< shortest that reads back the same; NaN is an empty cell
  CsvWriter& field(std::int64_t value);
  CsvWriter& empty();
  /// Ends the row; asserts that it has as many fields as the header.
  void end_row();

  const std::string& text() const { return text_; }
  /// Gives up what was written so far, for streaming it into a file.
  std::string take();

 private:
  template <class Number>
  CsvWriter& number(Number value);

  std::string text_;
  std::size_t columns_ = 0;
  std::size_t filled_ = 0;
};

}  // namespace orrery::base
