#include "models/gemm/work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "models/base/error.hpp"

namespace orrery::models::gemm {

namespace {

struct Name {
  GemmKernel kernel;
  std::string_view text;
};

constexpr std::array<Name, 6> kKernelNames = {{{GemmKernel::dense, "dense"},
                                               {GemmKernel::tw, "tw"},
                                               {GemmKernel::two_of_four, "2:4"},
                                               {GemmKernel::tvw, "tvw"},
                                               {GemmKernel::bw, "bw"},
                                               {GemmKernel::csr, "csr"}}};

/// Beyond this, operations of a product would not count exactly.
constexpr std::int64_t kLongest = 1'000'000'000;

void require(bool holds, std::string_view key, double found, std::string_view expected) {
  if (!holds)
    throw base::Error({"", 0, 0, std::string(key)},
                      fmt::format("found {}, expected {}", found, expected));
}

void check(const GemmShape& shape) {
  const auto check_one = [](std::string_view key, std::int64_t value) {
    require(value >= 1 && value <= kLongest, key, static_cast<double>(value),
            "a whole number from 1 to 1e9");
  };
  check_one("m", shape.m);
  check_one("n", shape.n);
  check_one("k", shape.k);
}

void check_sparsity(double sparsity) {
  require(sparsity >= 0 && sparsity < 1, "sparsity", sparsity, "a number from 0 to below 1");
}

/// `fraction` of `whole`, rounded, at least 1.
std::int64_t share(double fraction, std::int64_t whole) {
  const double exact = std::floor(fraction * static_cast<double>(whole) + 0.5);
  return std::clamp(static_cast<std::int64_t>(exact), std::int64_t{1}, whole);
}

GemmWork whole(const GemmShape& shape, GemmKernel kernel) {
  check(shape);
  GemmWork work;
  work.shape = shape;
  work.kernel = kernel;
  work.panels = {{shape.k, shape.n, 1}};
  work.rows_touched = shape.k;
  work.columns_kept = shape.n;
  work.kept = work.two_of_four() ? 0.5 : 1;
  return work;
}

/// Panels sorted by rows, equal ones joined.
void arrange(std::vector<PanelGroup>& panels) {
  std::sort(panels.begin(), panels.end(), [](const PanelGroup& a, const PanelGroup& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.columns > b.columns;
  });
  std::vector<PanelGroup> joined;
  for (const PanelGroup& panel : panels) {
    if (!joined.empty() && joined.back().rows == panel.rows &&
        joined.back().columns == panel.columns)
      joined.back().count += panel.count;
    else
      joined.push_back(panel);
  }
  panels = std::move(joined);
}

/// Panels of `width` columns over `columns` kept ones, K_i spread around `rows`.
std::vector<PanelGroup> spread_panels(std::int64_t columns, std::int64_t width, double rows,
                                      std::int64_t most_rows, double imbalance) {
  const std::int64_t count = (columns + width - 1) / width;
  std::vector<PanelGroup> panels;
  for (std::int64_t i = 0; i < count; ++i) {
    // From +1 to -1 in even steps, none for a single panel.
    const double place = 1 - (2 * static_cast<double>(i) + 1) /
                                 static_cast<double>(std::max<std::int64_t>(count, 1));
    const double kept = std::floor(rows * (1 + imbalance * place) + 0.5);
    panels.push_back({std::clamp(static_cast<std::int64_t>(kept), std::int64_t{1}, most_rows),
                      std::min(width, columns - i * width), 1});
  }
  arrange(panels);
  return panels;
}

double weights_of(const std::vector<PanelGroup>& panels) {
  double sum = 0;
  for (const PanelGroup& panel : panels)
    sum += static_cast<double>(panel.rows) * static_cast<double>(panel.columns) *
           static_cast<double>(panel.count);
  return sum;
}

/// Rows that at least one of `panels` panels keeps when each keeps `fraction` by itself.
std::int64_t touched(double fraction, std::int64_t panels, std::int64_t rows) {
  double dropped_by_all = 1;
  for (std::int64_t i = 0; i < panels && dropped_by_all > 1e-12; ++i)
    dropped_by_all *= 1 - fraction;
  return share(1 - dropped_by_all, rows);
}

}  // namespace

std::string_view to_string(GemmKernel kernel) {
  for (const Name& name : kKernelNames)
    if (name.kernel == kernel) return name.text;
  return "";
}

std::optional<GemmKernel> parse_gemm_kernel(std::string_view text) {
  for (const Name& name : kKernelNames)
    if (name.text == text) return name.kernel;
  return std::nullopt;
}

GemmWork dense_work(const GemmShape& shape) {
  return whole(shape, GemmKernel::dense);
}

GemmWork two_of_four_work(const GemmShape& shape) {
  return whole(shape, GemmKernel::two_of_four);
}

GemmWork tile_work(const sparsity::TileLayout& layout, std::int64_t m) {
  GemmWork work = whole({m, layout.columns, layout.rows},
                        layout.two_of_four ? GemmKernel::tvw : GemmKernel::tw);
  work.panels.clear();
  work.columns_kept = 0;
  std::vector<char> read(static_cast<std::size_t>(layout.rows), 0);
  std::int64_t kept_rows = 0;
  std::int64_t runs = 0;
  for (const sparsity::Panel& panel : layout.panels) {
    work.columns_kept += static_cast<std::int64_t>(panel.columns.size());
    if (panel.rows.empty()) continue;
    work.panels.push_back({static_cast<std::int64_t>(panel.rows.size()),
                           static_cast<std::int64_t>(panel.columns.size()), 1});
    kept_rows += static_cast<std::int64_t>(panel.rows.size());
    for (std::size_t i = 0; i < panel.rows.size(); ++i) {
      read[static_cast<std::size_t>(panel.rows[i])] = 1;
      if (i == 0 || panel.rows[i] != panel.rows[i - 1] + 1) ++runs;
    }
  }
  work.rows_touched = std::count(read.begin(), read.end(), 1);
  // One run for each panel is a plain slice of X: nothing is gathered.
  const auto gathered = static_cast<std::int64_t>(work.panels.size()) < runs;
  work.mean_run = gathered ? static_cast<double>(kept_rows) / static_cast<double>(runs) : 0;
  arrange(work.panels);
  work.kept = weights_of(work.panels) /
              (static_cast<double>(layout.rows) * static_cast<double>(layout.columns)) *
              (layout.two_of_four ? 0.5 : 1);
  return work;
}

GemmWork uniform_work(const GemmShape& shape, const UniformPattern& pattern) {
  require(pattern.kernel == GemmKernel::tw || pattern.kernel == GemmKernel::tvw, "kernel",
          static_cast<double>(pattern.kernel), "tw or tvw");
  const bool tvw = pattern.kernel == GemmKernel::tvw;
  check_sparsity(pattern.sparsity);
  require(!tvw || pattern.sparsity >= 0.5, "sparsity", pattern.sparsity,
          "at least 0.5, because 2:4 alone drops half");
  require(pattern.width >= 1, "width", pattern.width, "a panel of at least 1 column");
  require(pattern.imbalance >= 0 && pattern.imbalance <= 1, "imbalance", pattern.imbalance,
          "a number from 0 to 1");
  GemmWork work = whole(shape, pattern.kernel);
  const double kept = std::sqrt((1 - pattern.sparsity) * (tvw ? 2 : 1));
  work.columns_kept = share(kept, shape.n);
  work.panels = spread_panels(work.columns_kept, pattern.width, kept * static_cast<double>(shape.k),
                              shape.k, pattern.imbalance);
  const std::int64_t panels = (work.columns_kept + pattern.width - 1) / pattern.width;
  work.rows_touched = touched(kept, panels, shape.k);
  work.mean_run = kept < 1 ? 1 / (1 - kept) : 0;
  work.kept = 1 - pattern.sparsity;
  return work;
}

GemmWork block_work(const GemmShape& shape, double sparsity, std::int32_t block) {
  check_sparsity(sparsity);
  require(block >= 1, "block", block, "a block of at least 1 row and column");
  GemmWork work = whole(shape, GemmKernel::bw);
  const double kept = 1 - sparsity;
  work.panels = spread_panels(shape.n, block, kept * static_cast<double>(shape.k), shape.k, 0);
  work.rows_touched = touched(kept, (shape.n + block - 1) / block, shape.k);
  work.mean_run = kept < 1 ? block / (1 - kept) : 0;
  work.kept = kept;
  return work;
}

GemmWork csr_work(const GemmShape& shape, double sparsity) {
  check_sparsity(sparsity);
  GemmWork work = whole(shape, GemmKernel::csr);
  work.kept = 1 - sparsity;
  return work;
}

}  // namespace orrery::models::gemm
