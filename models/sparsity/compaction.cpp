#include "models/sparsity/compaction.hpp"

#include <cassert>
#include <stdexcept>

namespace orrery::models::sparsity {

namespace {

std::vector<std::int32_t> kept_rows(const Mask& mask, std::int32_t column) {
  std::vector<std::int32_t> rows;
  for (std::int32_t k = 0; k < mask.rows; ++k)
    if (mask.row(k)[column] != 0) rows.push_back(k);
  return rows;
}

std::size_t at(std::int32_t row, std::int32_t column, std::int32_t columns) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
         static_cast<std::size_t>(column);
}

/// Positions of the two values of a group, filled up with rows of zero.
struct Pair {
  int first;
  int second;
};

Pair pair_of(std::span<const float> values, std::int32_t rows, std::int32_t columns,
             std::int32_t group, std::int32_t column) {
  int positions[2] = {0, 0};
  int found = 0;
  for (int i = 0; i < 4 && group * 4 + i < rows; ++i) {
    if (values[at(group * 4 + i, column, columns)] == 0) continue;
    if (found == 2)
      throw std::invalid_argument("more than two of four consecutive rows are not zero");
    positions[found++] = i;
  }
  if (found == 0) return {0, 1};
  if (found == 1) return positions[0] == 3 ? Pair{2, 3} : Pair{positions[0], positions[0] + 1};
  return {positions[0], positions[1]};
}

void check_ascending(const std::vector<std::int32_t>& indices, std::int32_t end, const char* what) {
  std::int32_t before = -1;
  for (const std::int32_t index : indices) {
    if (index <= before || index >= end)
      throw std::invalid_argument(std::string("a panel's ") + what +
                                  " are not ascending indices of the matrix");
    before = index;
  }
}

}  // namespace

TilePlan plan_of(const Mask& mask, std::int32_t panel_width) {
  TilePlan plan;
  plan.rows = mask.rows;
  plan.columns = mask.columns;
  for (std::int32_t n = 0; n < mask.columns; ++n) {
    std::vector<std::int32_t> rows = kept_rows(mask, n);
    if (rows.empty()) continue;
    const bool joins = !plan.panels.empty() &&
                       plan.panels.back().columns.size() < static_cast<std::size_t>(panel_width) &&
                       plan.panels.back().rows == rows;
    if (!joins) plan.panels.push_back({std::move(rows), {}});
    plan.panels.back().columns.push_back(n);
  }
  return plan;
}

Mask mask_of(const TilePlan& plan) {
  Mask mask(plan.rows, plan.columns, false);
  for (const Panel& panel : plan.panels)
    for (const std::int32_t k : panel.rows)
      for (const std::int32_t n : panel.columns) mask.row(k)[n] = 1;
  return mask;
}

void check(const TilePlan& plan) {
  if (plan.rows < 0 || plan.columns < 0) throw std::invalid_argument("a plan of negative size");
  std::int32_t last = -1;
  for (const Panel& panel : plan.panels) {
    check_ascending(panel.rows, plan.rows, "rows");
    check_ascending(panel.columns, plan.columns, "columns");
    if (panel.columns.empty()) throw std::invalid_argument("a panel has no columns");
    if (panel.columns.front() <= last)
      throw std::invalid_argument("a panel begins before the one to its left ends");
    last = panel.columns.back();
  }
}

std::vector<float> compact(const TilePlan& plan, const Panel& panel, std::span<const float> weights,
                           const Mask* mask) {
  assert(weights.size() == at(plan.rows, 0, plan.columns));
  std::vector<float> values;
  values.reserve(panel.rows.size() * panel.columns.size());
  for (const std::int32_t k : panel.rows)
    for (const std::int32_t n : panel.columns)
      values.push_back(mask == nullptr || mask->row(k)[n] != 0 ? weights[at(k, n, plan.columns)]
                                                               : 0.0F);
  return values;
}

TwoOfFour pack_two_of_four(std::span<const float> values, std::int32_t rows, std::int32_t columns) {
  assert(values.size() == at(rows, 0, columns));
  TwoOfFour packed;
  packed.groups = rows / 4 + (rows % 4 != 0);
  packed.columns = columns;
  packed.values.assign(at(2 * packed.groups, 0, columns), 0.0F);
  packed.metadata.assign((at(packed.groups, 0, columns) + 1) / 2, 0);
  const auto value_at = [&](std::int32_t row, std::int32_t column) {
    return row < rows ? values[at(row, column, columns)] : 0.0F;
  };
  for (std::int32_t g = 0; g < packed.groups; ++g) {
    for (std::int32_t n = 0; n < columns; ++n) {
      const Pair pair = pair_of(values, rows, columns, g, n);
      packed.values[at(2 * g, n, columns)] = value_at(4 * g + pair.first, n);
      packed.values[at(2 * g + 1, n, columns)] = value_at(4 * g + pair.second, n);
      const std::size_t number = at(g, n, columns);
      const int bits = (pair.first | pair.second << 2) << (number % 2 == 0 ? 0 : 4);
      packed.metadata[number / 2] = static_cast<std::uint8_t>(packed.metadata[number / 2] | bits);
    }
  }
  return packed;
}

std::vector<float> unpack_two_of_four(const TwoOfFour& packed, std::int32_t rows) {
  std::vector<float> values(at(rows, 0, packed.columns));
  for (std::int32_t g = 0; g < packed.groups; ++g) {
    for (std::int32_t n = 0; n < packed.columns; ++n) {
      const std::size_t number = at(g, n, packed.columns);
      const int bits = packed.metadata[number / 2] >> (number % 2 == 0 ? 0 : 4);
      for (int i = 0; i < 2; ++i) {
        const std::int32_t row = 4 * g + (bits >> (2 * i) & 3);
        if (row < rows)
          values[at(row, n, packed.columns)] = packed.values[at(2 * g + i, n, packed.columns)];
      }
    }
  }
  return values;
}

}  // namespace orrery::models::sparsity
