// Index arithmetic of the GPU kernels: every element once, every bank once.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "calibrate/kernels/gemm/cuda/work_list.hpp"

using namespace orrery::calibrate::gemm_cuda;

namespace {

bool distinct(const std::vector<int>& numbers) {
  return std::set<int>(numbers.begin(), numbers.end()).size() == numbers.size();
}

/// Sixteen-byte accesses are served eight lanes at a time, each group without a conflict.
template <class Address>
bool wide_conflict_free(int lanes, Address address) {
  for (int first = 0; first < lanes; first += 8) {
    std::vector<int> banks;
    for (int lane = first; lane < first + 8; ++lane) banks.push_back(address(lane) / 16 % 8);
    if (!distinct(banks)) return false;
  }
  return true;
}

template <class Shape>
void check_tile_shape() {
  CAPTURE(Shape::sparse);
  CAPTURE(Shape::outputs);
  // Two blocks on a multiprocessor of sm_80 (164 KB, 1 KB of it per block the system's).
  CHECK(2 * (Shape::shared_bytes + 1024 + 128) <= 164 * 1024);
  CHECK(Shape::stage_bytes % 128 == 0);
  CHECK(Shape::value_copies * block_threads * chunk_bytes == Shape::value_bytes);
  CHECK(Shape::metadata_threads <= block_threads);
  std::set<int> copied;
  for (int thread = 0; thread < block_threads; ++thread) {
    for (int i = 0; i < Shape::token_copies; ++i) {
      CHECK(copy_row(thread, i) < Shape::depth);
      copied.insert(swizzled(copy_row(thread, i), copy_chunk(thread)));
    }
  }
  CHECK(copied.size() == static_cast<std::size_t>(Shape::depth) * token_chunks);
  CHECK(*copied.rbegin() + 16 == Shape::depth * token_row_bytes);
  for (int i = 0; i < Shape::token_copies; ++i) {
    CHECK(wide_conflict_free(block_threads,
                             [&](int t) { return swizzled(copy_row(t, i), copy_chunk(t)); }));
  }
  std::set<int> read;
  for (int column = 0; column < 2; ++column) {
    for (int step = 0; step < stage_steps; ++step) {
      for (int load = 0; load < loads_per_step<Shape>; ++load) {
        const auto address = [&](int lane) { return token_at<Shape>(column, step, load, lane); };
        CHECK(wide_conflict_free(32, address));
        for (int lane = 0; lane < 32; ++lane) read.insert(address(lane) - Shape::tokens_at);
      }
    }
  }
  CHECK(read == copied);
  std::set<int> values;
  for (int fragment = 0; fragment < Shape::fragments; ++fragment) {
    for (int step = 0; step < stage_steps; ++step) {
      CHECK(wide_conflict_free(32, [&](int lane) { return value_at(fragment, step, lane); }));
      for (int lane = 0; lane < 32; ++lane) values.insert(value_at(fragment, step, lane));
    }
    if (Shape::sparse) {
      std::vector<int> banks;
      for (int lane = 0; lane < 32; ++lane) {
        CHECK(metadata_at<Shape>(fragment, lane) + 4 <= Shape::tokens_at);
        banks.push_back(metadata_at<Shape>(fragment, lane) / 4 % 32);
      }
      CHECK(distinct(banks));
    }
  }
  CHECK(static_cast<int>(values.size()) * 16 == Shape::value_bytes);
  std::set<int> results;
  for (int warp = 0; warp < 4; ++warp) {
    for (int fragment = 0; fragment < Shape::warp_fragments; ++fragment) {
      for (int tile = 0; tile < Shape::warp_token_tiles; ++tile) {
        for (int half = 0; half < 2; ++half) {
          std::vector<int> banks;
          for (int lane = 0; lane < 32; ++lane) {
            const int at = result_at<Shape>(warp / 2, warp % 2, fragment, tile, lane, half);
            results.insert(at);
            banks.push_back(at / 4 % 32);
          }
          CHECK(distinct(banks));
        }
      }
    }
  }
  CHECK(static_cast<int>(results.size()) * 4 == Shape::epilogue_bytes);
  for (int i = 0; i < Shape::store_copies; ++i) {
    CHECK(copy_row(block_threads - 1, i) < Shape::outputs);
    CHECK(wide_conflict_free(block_threads,
                             [&](int t) { return swizzled(copy_row(t, i), copy_chunk(t)); }));
  }
}

}  // namespace

TEST_CASE("shared memory of every tile is covered once and free of bank conflicts") {
  check_tile_shape<TileShape<false, 64>>();
  check_tile_shape<TileShape<false, 128>>();
  check_tile_shape<TileShape<true, 64>>();
  check_tile_shape<TileShape<true, 128>>();
}

TEST_CASE("fragments hold every element of their matrices once") {
  std::set<int> a, b, c;
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < 8; ++i) {
      a.insert(a_row(lane, i) * 16 + a_column(lane, i));
      b.insert(b_row(lane, i) * 8 + b_column(lane));
    }
    for (int i = 0; i < 4; ++i) c.insert(c_row(lane, i) * 8 + c_column(lane, i));
  }
  CHECK(a.size() == 256);
  CHECK(b.size() == 256);
  CHECK(c.size() == 128);
  // Cells of the figures of the PTX ISA: a2, a4 and c2 of lane 5, b3 of lane 6.
  CHECK((a_row(5, 2) == 9 && a_column(5, 2) == 2));
  CHECK((a_row(5, 4) == 1 && a_column(5, 4) == 10));
  CHECK((c_row(5, 2) == 9 && c_column(5, 2) == 2));
  CHECK((b_row(6, 3) == 13 && b_column(6) == 1));
}

// The order in which CUTLASS's kernels read metadata, put by us as a rule: 16-bit pieces (16
// logical columns) of 32 rows; row m goes to line (m % 8) * 4 + m / 8, then the off-diagonal pieces
// of every 2 x 2 change places, and a line's two pieces are one lane's word.
TEST_CASE("metadata stands where the published order of the instruction's operand puts it") {
  std::set<int> bits;
  for (int m = 0; m < 32; ++m) {
    for (int piece = 0; piece < 2; ++piece) {
      int line = m % 8 * 4 + m / 8;
      int half = piece;
      if (line % 2 != half) {
        line += half == 1 ? 1 : -1;
        half = 1 - half;
      }
      // Rows 16 to 31 are the second instruction's, which selects the upper pair of lanes.
      for (int group = piece * 4; group < piece * 4 + 4; ++group) {
        CHECK(metadata_lane(m % 16, group, m / 16) == line);
        CHECK(metadata_shift(m % 16, group) == half * 16 + group % 4 * 4);
        bits.insert(line * 32 + half * 16 + group % 4 * 4);
      }
    }
  }
  CHECK(bits.size() == 256);
}

TEST_CASE("tails leave out what lies past the last token") {
  CHECK(valid_bytes(0, 8) == 16);
  CHECK(valid_bytes(0, 7) == 14);
  CHECK(valid_bytes(8, 9) == 2);
  CHECK(valid_bytes(8, 8) == 0);
  CHECK(valid_bytes(1'000'000, 3) == 0);
}

TEST_CASE("tickets visit every band and token tile once, and one block resets the counter") {
  const std::int64_t tiles = token_tiles(300);
  CHECK(tiles == 3);
  std::set<std::pair<int, std::int64_t>> seen;
  for (std::int64_t ticket = 0; ticket < 5 * tiles; ++ticket) {
    const WorkItem item = work_item(ticket, tiles);
    CHECK(item.band < 5);
    CHECK(item.token < 300);
    seen.insert({item.band, item.token});
  }
  CHECK(seen.size() == 15);
  int last = 0;
  for (std::int64_t ticket = 0; ticket < 15 + 4; ++ticket)
    last += last_ticket(ticket, 15, 4) ? 1 : 0;
  CHECK(last == 1);
}
