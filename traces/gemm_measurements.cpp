#include "traces/gemm_measurements.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>

#include "models/base/csv.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

namespace {

using models::gemm::GemmKernel;

struct ProductColumns {
  explicit ProductColumns(const base::CsvReader& reader)
      : gpu(reader.column("gpu")),
        dtype(reader.column("dtype")),
        library(reader.column("library")),
        pattern(reader.column("pattern")),
        model(reader.column("model")),
        m(reader.column("M")),
        n(reader.column("N")),
        k(reader.column("K")),
        microseconds(reader.column("lat_us")),
        tops(reader.column("tops")) {}

  std::size_t gpu, dtype, library, pattern, model, m, n, k, microseconds, tops;
};

struct Dtype {
  std::string_view name;
  double bytes;
};
constexpr std::array<Dtype, 5> kDtypes = {
    {{"BF16", 2}, {"FP16", 2}, {"INT8", 1}, {"FP8", 1}, {"FP4", 0.5}}};

/// What a dimension may be at most: products of three still count exactly enough.
constexpr std::int64_t kLongest = 100'000'000;
/// The source rounds tops to six decimals and times to three.
constexpr double kTopsTolerance = 0.01;

std::string read_name(const base::CsvReader& reader, std::size_t column,
                      std::string_view expected) {
  const std::string_view text = reader[column];
  if (text.empty() || !is_clean_text(text)) fail_field(reader.where(column), text, expected);
  return std::string(text);
}

std::string read_dtype(const base::CsvReader& reader, std::size_t column) {
  for (const Dtype& dtype : kDtypes)
    if (dtype.name == reader[column]) return std::string(dtype.name);
  fail_field(reader.where(column), reader[column], "one of BF16, FP16, INT8, FP8, FP4");
}

GemmKernel read_pattern(const base::CsvReader& reader, std::size_t column) {
  if (reader[column] == "dense") return GemmKernel::dense;
  if (reader[column] == "2:4") return GemmKernel::two_of_four;
  fail_field(reader.where(column), reader[column], "dense or 2:4");
}

std::int64_t read_dimension(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_integer(reader[column]);
  if (!value || *value < 1 || *value > kLongest)
    fail_field(reader.where(column), reader[column], "a whole number from 1 to 1e8");
  return *value;
}

void check_tops(const base::CsvReader& reader, std::size_t column, const GemmMeasurement& row) {
  const double tops = read_positive(reader, column, "a rate above 0");
  const double expected = 2 * static_cast<double>(row.shape.m) * static_cast<double>(row.shape.n) *
                          static_cast<double>(row.shape.k) / row.seconds / 1e12;
  if (std::abs(tops / expected - 1) > kTopsTolerance)
    fail_field(reader.where(column), reader[column],
               fmt::format("2 M N K over the time, {:.6g}", expected));
}

}  // namespace

double GemmMeasurement::element_bytes() const {
  for (const Dtype& known : kDtypes)
    if (known.name == dtype) return known.bytes;
  return 2;
}

std::vector<GemmMeasurement> read_gemm_measurements(const std::string& path) {
  base::CsvReader reader(path);
  const ProductColumns c(reader);
  std::vector<GemmMeasurement> rows;
  std::set<std::vector<std::string>> seen;  // only to find duplicates
  while (reader.next()) {
    GemmMeasurement row;
    row.gpu = read_name(reader, c.gpu, "the name of a GPU");
    row.dtype = read_dtype(reader, c.dtype);
    row.library = read_name(reader, c.library, "the name of a library");
    row.kernel = read_pattern(reader, c.pattern);
    row.model = read_name(reader, c.model, "the name of a model");
    row.shape = {read_dimension(reader, c.m), read_dimension(reader, c.n),
                 read_dimension(reader, c.k)};
    row.seconds = read_positive(reader, c.microseconds, "microseconds above 0") * 1e-6;
    check_tops(reader, c.tops, row);
    std::vector<std::string> cells;
    for (const std::size_t column : {c.gpu, c.dtype, c.library, c.pattern, c.model, c.m, c.n, c.k})
      cells.emplace_back(reader[column]);
    if (!seen.insert(std::move(cells)).second)
      throw base::Error(reader.where(c.m),
                        "the same product of the same model, GPU and library stands above");
    rows.push_back(std::move(row));
  }
  if (rows.empty())
    throw base::Error({path, 0, 0, ""}, "has no row, expected at least one measured product");
  return rows;
}

}  // namespace orrery::traces
