#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <numeric>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/micro_kernel.hpp"
#include "calibrate/kernels/gemm/worker_pool.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm {

namespace {

constexpr std::int32_t kAllPanels = -1;
constexpr std::int32_t kZeroColumns = -2;

const MicroKernel& kernel_of(Isa isa) {
  const std::vector<Isa>& isas = available_isas();
  if (std::find(isas.begin(), isas.end(), isa) == isas.end()) {
    throw base::Error({}, fmt::format("this machine does not run {}", to_string(isa)));
  }
#if defined(__x86_64__)
  if (isa == Isa::avx512) return kAvx512Kernel;
  if (isa == Isa::avx2) return kAvx2Kernel;
#endif
  return kScalarKernel;
}

// Some strips of tokens, for all panels or one.
struct WorkItem {
  std::int32_t panel;
  std::int64_t first_strip;
  std::int64_t strips;
  std::int64_t cost;
};

struct Product {
  const PackedWeights& packed;
  const MicroKernel& kernel;
  const float* x;
  float* y;
  std::int64_t tokens;

  std::int64_t valid(std::int64_t strip) const {
    return std::min<std::int64_t>(kernel.strip_tokens, tokens - strip * kernel.strip_tokens);
  }
};

// Copies rows of X^T into strips: strip after strip of the item, in each row after row. What a last
// strip lacks in tokens is zero, so that kernels may load whole registers.
void pack_tokens(const Product& product, const WorkItem& item, std::span<const std::int32_t> rows,
                 float* to) {
  const std::int64_t width = product.kernel.strip_tokens;
  const auto depth = static_cast<std::int64_t>(rows.size());
  for (std::int64_t r = 0; r < depth; ++r) {
    const float* row = product.x + rows[static_cast<std::size_t>(r)] * product.tokens;
    for (std::int64_t s = 0; s < item.strips; ++s) {
      const std::int64_t strip = item.first_strip + s;
      const std::int64_t valid = product.valid(strip);
      float* packed = to + (s * depth + r) * width;
      const float* from = row + strip * width;
      if (valid == width) {
        for (std::int64_t t = 0; t < width; ++t) packed[t] = from[t];
      } else {
        std::copy_n(from, valid, packed);
        std::fill_n(packed + valid, width - valid, 0.0F);
      }
    }
  }
}

// One panel's rows of one block against the packed strips of an item. `rows` are positions in them.
void run_panel(const Product& product, const WorkItem& item, const PackedPanel& panel,
               std::int32_t block, const std::int32_t* rows, const float* strips,
               std::int64_t strip_floats) {
  const std::int32_t begin = panel.block_begin[static_cast<std::size_t>(block)];
  const std::int32_t end = panel.block_begin[static_cast<std::size_t>(block) + 1];
  if (begin == end) return;
  TileArguments tile{};
  tile.rows = rows;
  tile.depth = end - begin;
  tile.y_stride = product.tokens;
  tile.accumulate = begin > 0;
  const auto depth = static_cast<std::ptrdiff_t>(panel.rows.size());
  const auto columns = static_cast<std::int32_t>(panel.columns.size());
  const float* weights = product.packed.weights.data() + panel.first_weight;
  for (std::int64_t s = 0; s < item.strips; ++s) {
    const std::int64_t strip = item.first_strip + s;
    tile.tokens = strips + s * strip_floats;
    tile.valid_tokens = static_cast<std::int32_t>(product.valid(strip));
    tile.y = product.y + strip * product.kernel.strip_tokens;
    for (std::int32_t first = 0; first < columns; first += kStripColumns) {
      tile.columns = std::min(kStripColumns, columns - first);
      tile.weight_stride = tile.columns;
      tile.weights = weights + first * depth + static_cast<std::ptrdiff_t>(begin) * tile.columns;
      tile.outputs = panel.columns.data() + first;
      product.kernel.tile(tile);
    }
  }
}

void clear_columns(const Product& product, const WorkItem& item) {
  const std::int64_t first = item.first_strip * product.kernel.strip_tokens;
  const std::int64_t end =
      std::min(product.tokens, first + item.strips * product.kernel.strip_tokens);
  for (const std::int32_t column : product.packed.zero_columns) {
    std::fill_n(product.y + column * product.tokens + first, end - first, 0.0F);
  }
}

void run_item(const Product& product, const WorkItem& item, AlignedFloats& room) {
  const PackedWeights& packed = product.packed;
  if (item.panel < 0) clear_columns(product, item);
  if (item.panel == kZeroColumns) return;
  const bool all = item.panel == kAllPanels;
  std::vector<std::int32_t> positions;
  for (std::int32_t block = 0; block < packed.blocks(); ++block) {
    const auto b = static_cast<std::size_t>(block);
    const PackedPanel* one = all ? nullptr : &packed.panels[static_cast<std::size_t>(item.panel)];
    const std::vector<std::int32_t>& begins = all ? packed.touched_begin : one->block_begin;
    const std::vector<std::int32_t>& rows = all ? packed.touched_rows : one->rows;
    const std::int32_t begin = begins[b];
    const auto count = static_cast<std::size_t>(begins[b + 1] - begin);
    const std::int64_t strip_floats =
        static_cast<std::int64_t>(count) * product.kernel.strip_tokens;
    room.reserve(static_cast<std::size_t>(strip_floats * item.strips));
    pack_tokens(product, item, std::span(rows).subspan(static_cast<std::size_t>(begin), count),
                room.data());
    if (!all) {
      run_panel(product, item, *one, block, packed.counting.data(), room.data(), strip_floats);
      continue;
    }
    for (const PackedPanel& panel : packed.panels) {
      // Positions among all touched rows become positions inside the block.
      positions.clear();
      for (std::int32_t k = panel.block_begin[b]; k < panel.block_begin[b + 1]; ++k) {
        positions.push_back(panel.touched[static_cast<std::size_t>(k)] - begin);
      }
      run_panel(product, item, panel, block, positions.data(), room.data(), strip_floats);
    }
  }
}

// Tiles of tokens for all panels while there are tiles enough; else single panels as well.
// Longest first, so that the workers end together.
std::vector<WorkItem> work_items(const Product& product, int threads) {
  const PackedWeights& packed = product.packed;
  const std::int64_t width = product.kernel.strip_tokens;
  const std::int64_t strips = (product.tokens + width - 1) / width;
  std::int64_t deepest = 1;
  for (std::int32_t block = 0; block < packed.blocks(); ++block) {
    const auto b = static_cast<std::size_t>(block);
    deepest =
        std::max<std::int64_t>(deepest, packed.touched_begin[b + 1] - packed.touched_begin[b]);
  }
  const std::int64_t fitting =
      std::max<std::int64_t>(1, kTileBytes / (deepest * width * std::int64_t{sizeof(float)}));
  std::int64_t tiles = (strips + fitting - 1) / fitting;
  tiles = std::min(strips, (tiles + threads - 1) / threads * threads);
  const bool by_panel = tiles < threads && packed.panels.size() > 1;

  std::vector<WorkItem> items;
  for (std::int64_t t = 0; t < tiles; ++t) {
    const std::int64_t first = strips * t / tiles;
    const std::int64_t count = strips * (t + 1) / tiles - first;
    if (!by_panel) {
      items.push_back({kAllPanels, first, count, count});
      continue;
    }
    items.push_back({kZeroColumns, first, count, 0});
    for (std::size_t p = 0; p < packed.panels.size(); ++p) {
      const PackedPanel& panel = packed.panels[p];
      const auto weights = static_cast<std::int64_t>(panel.rows.size() * panel.columns.size());
      items.push_back({static_cast<std::int32_t>(p), first, count, count * weights});
    }
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const WorkItem& a, const WorkItem& b) { return a.cost > b.cost; });
  return items;
}

void check(const PackedWeights& packed, std::span<const float> x, std::span<float> y,
           std::int64_t tokens, int threads) {
  if (threads < 1)
    throw base::Error({}, fmt::format("found {} threads, expected 1 or more", threads));
  if (tokens < 0 || static_cast<std::int64_t>(x.size()) != packed.rows * tokens ||
      static_cast<std::int64_t>(y.size()) != packed.columns * tokens) {
    throw base::Error(
        {}, fmt::format("found {} inputs and {} outputs, expected {} x {} and {} x {}", x.size(),
                        y.size(), packed.rows, tokens, packed.columns, tokens));
  }
}

int workers_of(const std::vector<WorkItem>& items, int threads) {
  return std::min(threads, static_cast<int>(std::min<std::size_t>(items.size(), 1024)));
}

// Kept between calls: its pages are then there already.
AlignedFloats& room_of_thread() {
  static thread_local AlignedFloats room;
  return room;
}

// Each item to the worker that has least: what workers that are never interrupted would take.
std::vector<std::vector<WorkItem>> dealt(const std::vector<WorkItem>& items, int workers) {
  std::vector<std::vector<WorkItem>> hands(static_cast<std::size_t>(workers));
  std::vector<std::int64_t> costs(hands.size(), 0);
  for (const WorkItem& item : items) {
    const auto least =
        static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
    hands[least].push_back(item);
    costs[least] += item.cost;
  }
  return hands;
}

}  // namespace

void multiply(const PackedWeights& packed, std::span<const float> x, std::span<float> y,
              std::int64_t tokens, int threads, Isa isa) {
  const MicroKernel& kernel = kernel_of(isa);
  check(packed, x, y, tokens, threads);
  if (tokens == 0) return;
  const Product product{packed, kernel, x.data(), y.data(), tokens};
  const std::vector<WorkItem> items = work_items(product, threads);
  std::atomic<std::size_t> next{0};
  run_workers(workers_of(items, threads), [&](int) {
    for (std::size_t i = next++; i < items.size(); i = next++)
      run_item(product, items[i], room_of_thread());
  });
}

RunTime multiply_timed(const PackedWeights& packed, std::span<const float> x, std::span<float> y,
                       std::int64_t tokens, int threads, Isa isa) {
  const ThreadTimer whole;
  const MicroKernel& kernel = kernel_of(isa);
  check(packed, x, y, tokens, threads);
  if (tokens == 0) return {};
  const Product product{packed, kernel, x.data(), y.data(), tokens};
  const std::vector<WorkItem> items = work_items(product, threads);
  const auto hands = dealt(items, workers_of(items, threads));
  std::vector<RunTime> times(hands.size());
  run_workers(static_cast<int>(hands.size()), [&](int worker) {
    const ThreadTimer timer = worker == 0 ? whole : ThreadTimer();
    const auto mine = static_cast<std::size_t>(worker);
    for (const WorkItem& item : hands[mine]) run_item(product, item, room_of_thread());
    times[mine] = timer.stop();
  });
  return std::accumulate(times.begin(), times.end(), RunTime{}, slowest);
}

int strip_tokens(Isa isa) {
  return kernel_of(isa).strip_tokens;
}

double peak_flops(Isa isa, double seconds) {
  const MicroKernel& kernel = kernel_of(isa);
  constexpr std::int64_t rounds = 100'000;
  double best = 0;
  const double begun = wall_seconds();
  for (int round = 0; round < 10 || wall_seconds() - begun < seconds; ++round) {
    const double start = thread_seconds();
    const double flop = kernel.fma_loop(rounds);
    best = std::max(best, flop / (thread_seconds() - start));
  }
  return best;
}

}  // namespace orrery::calibrate::gemm
