#include "calibrate/kernels/gemm/cuda/packing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"
#include "models/base/error.hpp"
#include "models/sparsity/two_of_four.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

using models::sparsity::Panel;
using models::sparsity::TileLayout;

[[noreturn]] void reject(std::string sentence) {
  throw base::Error({.file = {}, .key = "tile layout"}, std::move(sentence));
}

void check_options(const TileLayout& layout, const PackingOptions& options) {
  if (options.outputs != 64 && options.outputs != 128)
    reject(fmt::format("a tile of {} outputs; expected 64 or 128", options.outputs));
  if (options.sparse && !layout.two_of_four)
    reject("the sparse kernel was asked for a layout that is not 2:4");
}

/// Columns that no panel names.
std::vector<std::int32_t> pruned_columns(const TileLayout& layout) {
  std::vector<char> kept(static_cast<std::size_t>(layout.columns), 0);
  for (const Panel& panel : layout.panels) {
    for (const std::int32_t column : panel.columns) kept[static_cast<std::size_t>(column)] = 1;
  }
  std::vector<std::int32_t> pruned;
  for (std::int32_t column = 0; column < layout.columns; ++column) {
    if (kept[static_cast<std::size_t>(column)] == 0) pruned.push_back(column);
  }
  return pruned;
}

using Fragment = std::array<std::array<float, fragment_values>, fragment_rows>;

class Packer {
 public:
  Packer(const TileLayout& layout, std::span<const float> weights, const PackingOptions& options)
      : weights_(weights), form_(stage_form(options)) {
    packed_.rows = layout.rows;
    packed_.columns = layout.columns;
    packed_.options = options;
  }

  /// The columns in bands; the bands of a panel share its table of rows.
  void add(std::span<const std::int32_t> rows, std::span<const std::int32_t> columns) {
    const auto kept = static_cast<std::int32_t>(rows.size());
    const std::int32_t stages = (kept + form_.depth - 1) / form_.depth;
    const auto table = static_cast<std::int32_t>(packed_.row_table.size());
    packed_.row_table.insert(packed_.row_table.end(), rows.begin(), rows.end());
    const std::int32_t end = table + stages * form_.depth;
    packed_.row_table.resize(static_cast<std::size_t>(end), -1);
    const auto outputs = static_cast<std::size_t>(packed_.options.outputs);
    for (std::size_t first = 0; first < columns.size(); first += outputs) {
      const auto part = columns.subspan(first, std::min(outputs, columns.size() - first));
      Band band;
      band.values = static_cast<std::int64_t>(packed_.values.size());
      band.metadata = static_cast<std::int64_t>(packed_.metadata.size());
      band.rows = table;
      band.columns = static_cast<std::int32_t>(packed_.column_table.size());
      band.kept = kept;
      band.stages = stages;
      packed_.bands.push_back(band);
      packed_.column_table.insert(packed_.column_table.end(), part.begin(), part.end());
      packed_.column_table.resize(static_cast<std::size_t>(band.columns) + outputs, -1);
      for (int stage = 0; stage < stages; ++stage) add_stage(rows, part, stage);
    }
  }

  PackedWeight take() {
    std::stable_sort(packed_.bands.begin(), packed_.bands.end(),
                     [](const Band& a, const Band& b) { return a.kept > b.kept; });
    packed_.identity = std::all_of(packed_.bands.begin(), packed_.bands.end(), [&](const Band& b) {
      return b.kept == 0 || b.kept == packed_.rows;
    });
    return std::move(packed_);
  }

 private:
  float weight(std::span<const std::int32_t> rows, std::span<const std::int32_t> columns, int k,
               int n) const {
    if (k >= static_cast<int>(rows.size()) || n >= static_cast<int>(columns.size())) return 0;
    return weights_[static_cast<std::size_t>(rows[static_cast<std::size_t>(k)]) *
                        static_cast<std::size_t>(packed_.columns) +
                    static_cast<std::size_t>(columns[static_cast<std::size_t>(n)])];
  }

  void add_stage(std::span<const std::int32_t> rows, std::span<const std::int32_t> columns,
                 int stage) {
    const int fragments = packed_.options.outputs / fragment_rows;
    const int steps = form_.values / fragment_values;
    const int step_depth = form_.depth / steps;
    const std::size_t values = packed_.values.size();
    packed_.values.resize(values + static_cast<std::size_t>(packed_.options.outputs) *
                                       static_cast<std::size_t>(form_.values));
    const std::size_t metadata = packed_.metadata.size();
    if (packed_.options.sparse) {
      packed_.metadata.resize(metadata + static_cast<std::size_t>(fragments * warp_lanes));
    }
    for (int fragment = 0; fragment < fragments; ++fragment) {
      for (int step = 0; step < steps; ++step) {
        const int first_row = stage * form_.depth + step * step_depth;
        Fragment kept{};
        for (int row = 0; row < fragment_rows; ++row) {
          const int n = fragment * fragment_rows + row;
          auto& line = kept[static_cast<std::size_t>(row)];
          if (packed_.options.sparse) {
            const std::size_t words = metadata + static_cast<std::size_t>(fragment * warp_lanes);
            compress(rows, columns, first_row, n, row, step, line, words);
          } else {
            for (int i = 0; i < fragment_values; ++i) {
              line[static_cast<std::size_t>(i)] = weight(rows, columns, first_row + i, n);
            }
          }
        }
        place(kept, values, fragment, step);
      }
    }
  }

  /// The 16 x 16 values where the kernel reads them, in the stage that begins at `values`.
  void place(const Fragment& kept, std::size_t values, int fragment, int step) {
    if (packed_.options.family == Family::wgmma) {
      for (int row = 0; row < fragment_rows; ++row) {
        for (int i = 0; i < fragment_values; ++i) {
          const int at = core_value_at(packed_.options.outputs, fragment * fragment_rows + row,
                                       step * fragment_values + i);
          packed_.values[values + static_cast<std::size_t>(at / 2)] =
              to_bits(kept[static_cast<std::size_t>(row)][static_cast<std::size_t>(i)],
                      packed_.options.number);
        }
      }
      return;
    }
    for (int lane = 0; lane < warp_lanes; ++lane) {
      for (int i = 0; i < 8; ++i) {
        const float value = kept[static_cast<std::size_t>(a_row(lane, i))]
                                [static_cast<std::size_t>(a_column(lane, i))];
        const int at = value_at(fragment, step, lane) / 2 + i;
        packed_.values[values + static_cast<std::size_t>(at)] =
            to_bits(value, packed_.options.number);
      }
    }
  }

  void compress(std::span<const std::int32_t> rows, std::span<const std::int32_t> columns,
                int first_row, int n, int row, int step, std::array<float, fragment_values>& line,
                std::size_t words) {
    for (int group = 0; group < 8; ++group) {
      std::array<float, 4> four{};
      for (int i = 0; i < 4; ++i) {
        four[static_cast<std::size_t>(i)] = weight(rows, columns, first_row + group * 4 + i, n);
      }
      const std::array<int, 2> two = models::sparsity::stored_places(four);
      for (std::size_t i = 0; i < 2; ++i) {
        line[static_cast<std::size_t>(group) * 2 + i] = four[static_cast<std::size_t>(two[i])];
      }
      const auto bits = static_cast<std::uint32_t>(two[0] | two[1] << 2);
      packed_.metadata[words + static_cast<std::size_t>(metadata_lane(row, group, step))] |=
          bits << metadata_shift(row, group);
    }
  }

  std::span<const float> weights_;
  StageForm form_;
  PackedWeight packed_;
};

}  // namespace

StageForm stage_form(const PackingOptions& options) {
  if (options.family == Family::wgmma) return {wgmma_depth, options.sparse ? 32 : 64};
  return {options.sparse ? 64 : 32, stage_values};
}

PackedWeight pack(const TileLayout& layout, std::span<const float> weights,
                  const PackingOptions& options) {
  check(layout, weights);
  check_options(layout, options);
  Packer packer(layout, weights, options);
  for (const Panel& panel : layout.panels) {
    if (panel.rows.empty() && !options.zero_pruned) continue;
    packer.add(panel.rows, panel.columns);
  }
  if (options.zero_pruned) packer.add({}, pruned_columns(layout));
  return packer.take();
}

int outputs_for(const TileLayout& layout) {
  std::size_t widest = 0;
  for (const Panel& panel : layout.panels) widest = std::max(widest, panel.columns.size());
  return widest <= 64 ? 64 : 128;
}

}  // namespace orrery::calibrate::gemm_cuda
