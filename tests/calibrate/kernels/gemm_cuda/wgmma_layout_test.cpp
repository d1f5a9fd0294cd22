// Index arithmetic of the wgmma family: every byte once, every fact of the instructions as read.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/cuda/stall.hpp"
#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"

using namespace orrery::calibrate::gemm_cuda;

namespace {

template <class Shape>
void check_wgmma_shape() {
  CAPTURE(Shape::sparse);
  CAPTURE(Shape::outputs);
  CAPTURE(Shape::tokens);
  // One block on a multiprocessor, barriers and the alignment of the first stage included.
  CHECK(Shape::shared_bytes + 1024 <= block_shared_limit);
  CHECK(Shape::stages >= 4);
  CHECK(Shape::stage_bytes % pattern_bytes == 0);
  CHECK(Shape::values_at % 128 == 0);
  CHECK(Shape::metadata_at % 16 == 0);
  CHECK(Shape::metadata_at + Shape::metadata_bytes <= Shape::stage_bytes);
  CHECK(Shape::warp_rows <= warp_lanes);

  std::set<int> gathered;
  for (int warp = 0; warp < 4; ++warp) {
    for (int i = 0; i < Shape::copies; ++i) {
      for (int first = 0; first < warp_lanes; first += 8) {
        std::set<int> banks;
        for (int lane = first; lane < first + 8; ++lane) {
          const int row = gather_row<Shape>(warp, lane, i);
          CHECK(row - warp * Shape::warp_rows == table_lane<Shape>(lane, i));
          const int at = gathered_at(row, gather_chunk<Shape>(lane));
          gathered.insert(at);
          banks.insert(at / 16 % 8);
        }
        CHECK(banks.size() == 8);
      }
    }
  }
  CHECK(static_cast<int>(gathered.size()) * chunk_bytes == Shape::token_bytes);
  CHECK(*gathered.rbegin() + chunk_bytes == Shape::token_bytes);

  std::set<int> values;
  for (int row = 0; row < Shape::outputs; ++row) {
    for (int k = 0; k < Shape::values; ++k) values.insert(core_value_at(Shape::outputs, row, k));
  }
  CHECK(static_cast<int>(values.size()) * 2 == Shape::value_bytes);
  CHECK(*values.rbegin() + 2 == Shape::value_bytes);

  std::set<int> words;
  std::set<int> results;
  for (int group = 0; group < consumer_groups; ++group) {
    for (int thread = 0; thread < group_threads; ++thread) {
      if (Shape::sparse) words.insert(metadata_word_at<Shape>(group, thread));
      for (int half = 0; half < 2; ++half) {
        for (int exchange = 0; exchange < exchanges<Shape>; ++exchange) {
          const int row = group_output<Shape>(group) + accumulator_row(thread, half * 2);
          const int token = group_token<Shape>(group) + exchanged_token(exchange, thread % 32);
          results.insert(row * Shape::tokens + token);
        }
      }
    }
  }
  if (Shape::sparse) {
    CHECK(static_cast<int>(words.size()) * 4 == Shape::metadata_bytes);
    CHECK(*words.begin() == Shape::metadata_at);
    CHECK(*words.rbegin() + 4 == Shape::metadata_at + Shape::metadata_bytes);
  }
  CHECK(static_cast<int>(results.size()) * chunk_numbers == Shape::outputs * Shape::tokens);
}

}  // namespace

TEST_CASE("shared memory of every wgmma tile is covered once and written without bank conflicts") {
  check_wgmma_shape<WgmmaShape<false, 128, 128>>();
  check_wgmma_shape<WgmmaShape<false, 128, 256>>();
  check_wgmma_shape<WgmmaShape<false, 64, 256>>();
  check_wgmma_shape<WgmmaShape<true, 128, 128>>();
  check_wgmma_shape<WgmmaShape<true, 128, 256>>();
  check_wgmma_shape<WgmmaShape<true, 64, 256>>();
}

TEST_CASE("descriptors have their fields where the instruction reads them") {
  const std::uint64_t bits = descriptor(0x12340, 8192, 1024, Swizzle::bytes_128);
  CHECK((bits & 0x3fff) == 0x1234);
  CHECK((bits >> 16 & 0x3fff) == 512);
  CHECK((bits >> 32 & 0x3fff) == 64);
  CHECK((bits >> 49 & 7) == 0);
  CHECK((bits >> 62) == 1);
  CHECK((descriptor(0x12340, 8192, 1024, Swizzle::none) >> 62) == 0);
  CHECK((advanced(bits, 4096) & 0x3fff) == 0x1334);
  CHECK((advanced(bits, 4096) >> 16) == (bits >> 16));
  // All 227 KiB can be named.
  CHECK((descriptor(227 * 1024 - 16, 0, 0, Swizzle::none) & 0x3fff) == 227 * 1024 / 16 - 1);
}

TEST_CASE("accumulators stand where the figure of m64nN has them") {
  std::set<int> places;
  for (int thread = 0; thread < group_threads; ++thread) {
    for (int i = 0; i < 128; ++i) {
      CHECK(accumulator_row(thread, i) == thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8);
      CHECK(accumulator_column(thread, i) == i / 4 * 8 + thread % 4 * 2 + i % 2);
      places.insert(accumulator_row(thread, i) * 256 + accumulator_column(thread, i));
    }
  }
  CHECK(places.size() == 64 * 256);
}

TEST_CASE("the swizzle is that of the address, and repeats every eight rows of 128 bytes") {
  for (int row = 0; row < wgmma_depth; ++row) {
    for (int chunk = 0; chunk < 32; ++chunk) {
      const int plain = chunk / 8 * wgmma_depth * 128 + row * 128 + chunk % 8 * 16;
      CHECK(gathered_at(row, chunk) == (plain ^ ((plain >> 7 & 7) << 4)));
    }
  }
}

TEST_CASE("quads exchange words until each lane has eight neighbouring tokens") {
  // A word is named by the lane that computed it and its number there.
  int words[4][4];
  for (int lane = 0; lane < 4; ++lane) {
    for (int word = 0; word < 4; ++word) words[lane][word] = lane * 4 + word;
  }
  for (int round = 0; round < exchange_rounds; ++round) {
    for (int pair = 0; pair < 2; ++pair) {
      for (int lane = 0; lane < 4; ++lane) {
        const int other = lane ^ (1 << round);
        if (lane > other) continue;
        std::swap(words[lane][pair_upper(round, pair)], words[other][pair_lower(round, pair)]);
      }
    }
  }
  for (int lane = 0; lane < 4; ++lane) {
    for (int word = 0; word < 4; ++word) {
      const int owner = words[lane][word] / 4;
      const int i = exchanged_accumulator(5, words[lane][word] % 4, 1);
      CHECK(accumulator_column(owner, i) == exchanged_token(5, lane) + word * 2);
      CHECK(accumulator_row(owner, i) == 8);
    }
  }
}

TEST_CASE("tiles of 256 tokens are taken where they fill the multiprocessors") {
  CHECK(wgmma_tile_tokens(128, 32, 4096, 132) == 256);
  CHECK(wgmma_tile_tokens(128, 6, 512, 132) == 128);
  CHECK(wgmma_tile_tokens(64, 1, 1, 132) == 256);
}

TEST_CASE("a wait without end names itself") {
  const std::string said = describe_stall(stall_code(Wait::emptied, 3, 2, 131));
  CHECK(said.find("a stage to be emptied: slot 3, warp 2, block 131") != std::string::npos);
  CHECK(stall_code(Wait::filled, 0, 0, 0) != 0);
}
