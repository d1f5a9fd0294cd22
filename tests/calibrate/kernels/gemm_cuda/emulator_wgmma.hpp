// The wgmma family's kernel on the CPU, thread by thread, with the kernel's own index arithmetic.
// What the hardware does (cp.async, bulk copies, descriptors, wgmma and its sparse form) is written
// out here from the PTX ISA.
#pragma once

#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"
#include "tests/calibrate/kernels/gemm_cuda/emulator.hpp"

namespace emulated {

/// A matrix in shared memory as a descriptor names it.
class Operand {
 public:
  explicit Operand(std::uint64_t bits)
      : address_(field(bits, 0)),
        leading_(field(bits, 16)),
        stride_(field(bits, 32)),
        swizzle_(static_cast<int>(bits >> 62)) {}

  /// Rows of A by values, values contiguous, core matrices of 8 x 16 bytes.
  int of_a(int row, int k) const {
    if (swizzle_ != 0) throw std::runtime_error("A is expected without a swizzle");
    return address_ + row / 8 * stride_ + k / 8 * leading_ + row % 8 * 16 + k % 8 * 2;
  }
  /// Values by tokens, tokens contiguous, 128 bytes of them, swizzled: bits 4 to 6 of an address
  /// are changed by bits 7 to 9.
  int of_b(int k, int token) const {
    if (swizzle_ != 1 || address_ % 1024 != 0)
      throw std::runtime_error("B is expected at a border of the 128-byte swizzle");
    const int plain =
        address_ + token / 64 * leading_ + k / 8 * stride_ + k % 8 * 128 + token % 64 * 2;
    return plain ^ ((plain >> 7 & 7) << 4);
  }

 private:
  static int field(std::uint64_t bits, int from) {
    return static_cast<int>(bits >> from & 0x3fffU) * 16;
  }
  int address_, leading_, stride_, swizzle_;
};

template <class Shape>
class WgmmaBlock {
 public:
  WgmmaBlock(const PackedWeight& packed, const Activations& x, Activations& y)
      : packed_(packed),
        x_(x),
        y_(y),
        shared_(static_cast<std::size_t>(Shape::stages * Shape::stage_bytes), 0xff) {}

  void run(const Band& band, std::int64_t token) {
    for (auto& sum : sums_) sum = 0;
    for (int stage = 0; stage < band.stages; ++stage) {
      const int at = cursor_.slot * Shape::stage_bytes;
      load(band, token, stage, at);
      for (int group = 0; group < consumer_groups; ++group) multiply(at, group);
      // What a later stage reads it must have loaded itself.
      std::fill_n(shared_.begin() + at, Shape::stage_bytes, static_cast<unsigned char>(0xff));
      cursor_ = next<Shape::stages>(cursor_);
    }
    for (int group = 0; group < consumer_groups; ++group) store(band, token, group);
  }

 private:
  void load(const Band& band, std::int64_t token, int stage, int at) {
    const auto values = static_cast<std::size_t>(band.values + static_cast<std::int64_t>(stage) *
                                                                   (Shape::value_bytes / 2));
    bulk(at + Shape::values_at, &packed_.values.at(values), packed_.values.size() - values,
         Shape::value_bytes);
    if (Shape::sparse) {
      const auto words = static_cast<std::size_t>(band.metadata + static_cast<std::int64_t>(stage) *
                                                                      (Shape::metadata_bytes / 4));
      bulk(at + Shape::metadata_at, &packed_.metadata.at(words), packed_.metadata.size() - words,
           Shape::metadata_bytes);
    }
    for (int warp = 0; warp < group_threads / warp_lanes; ++warp) {
      const auto kept = [&](int lane) {
        const int entry = warp * Shape::warp_rows + (lane < Shape::warp_rows ? lane : 0);
        return packed_.row_table.at(index(band.rows + stage * wgmma_depth + entry));
      };
      for (int lane = 0; lane < warp_lanes; ++lane) {
        const int chunk = gather_chunk<Shape>(lane);
        const std::int64_t first = token + std::int64_t{chunk} * chunk_numbers;
        const int valid = valid_bytes(first, x_.tokens);
        for (int i = 0; i < Shape::copies; ++i) {
          if (table_lane<Shape>(lane, i) >= Shape::warp_rows)
            throw std::runtime_error("a lane is asked for an entry that it did not read");
          const std::int32_t row = kept(table_lane<Shape>(lane, i));
          const bool there = row >= 0 && valid > 0;
          const void* from = nullptr;
          if (there) from = &x_.numbers.at(static_cast<std::size_t>(row * x_.pitch + first));
          copy_async(shared_, at + gathered_at(gather_row<Shape>(warp, lane, i), chunk), from,
                     there ? valid : 0);
        }
      }
    }
  }

  template <class T>
  void bulk(int at, const T* from, std::size_t left, int bytes) {
    if (at % 16 != 0 || bytes % 16 != 0 || left * sizeof(T) < static_cast<std::size_t>(bytes))
      throw std::runtime_error("a bulk copy that does not fit");
    std::memcpy(&shared_.at(index(at + bytes - 1)) - (bytes - 1), from,
                static_cast<std::size_t>(bytes));
  }

  float number(int at) const {
    return from_bits(read<std::uint16_t>(shared_, at), packed_.options.number);
  }

  void multiply(int at, int group) {
    std::array<std::uint32_t, group_threads> metadata{};
    if (Shape::sparse) {
      for (int thread = 0; thread < group_threads; ++thread) {
        metadata[static_cast<std::size_t>(thread)] =
            read<std::uint32_t>(shared_, at + metadata_word_at<Shape>(group, thread));
      }
    }
    const auto stage = static_cast<std::uint32_t>(at);
    for (int step = 0; step < Shape::steps; ++step) {
      const auto steps = static_cast<std::uint32_t>(step);
      instruction(
          Operand(
              advanced(weight_descriptor<Shape>(stage, group), steps * weight_step_bytes<Shape>)),
          Operand(advanced(token_descriptor<Shape>(stage, group), steps * token_step_bytes<Shape>)),
          metadata, step, group);
    }
  }

  /// Where the 16 kept values of every row stand among the instruction's rows of B. Sparse: of
  /// every four threads the selector names two; each says for two rows, eight apart, where the
  /// kept ones of 16 columns stand, four bits for two of four.
  static std::vector<std::array<int, 16>> places(
      const std::array<std::uint32_t, group_threads>& metadata, int selector) {
    std::vector<std::array<int, 16>> found(instruction_outputs);
    for (auto& row : found) {
      for (int k = 0; k < 16; ++k) row[index(k)] = k;
    }
    if (!Shape::sparse) return found;
    for (int thread = 0; thread < group_threads; ++thread) {
      if ((thread >> 1 & 1) != selector) continue;
      for (int upper = 0; upper < 2; ++upper) {
        const int row = thread / 32 * 16 + thread % 32 / 4 + upper * 8;
        for (int group = 0; group < 4; ++group) {
          const std::uint32_t bits =
              metadata[static_cast<std::size_t>(thread)] >> (upper * 16 + group * 4) & 15U;
          if ((bits & 3U) >= bits >> 2) throw std::runtime_error("metadata is not ordered");
          const int four = thread % 2 * 4 + group;
          found[index(row)][index(four * 2)] = four * 4 + static_cast<int>(bits & 3U);
          found[index(row)][index(four * 2 + 1)] = four * 4 + static_cast<int>(bits >> 2);
        }
      }
    }
    return found;
  }

  void instruction(const Operand& a, const Operand& b,
                   const std::array<std::uint32_t, group_threads>& metadata, int selector,
                   int group) {
    constexpr int tokens = Shape::instruction_tokens;
    std::vector<float> bm(index(Shape::step_depth * tokens));
    for (int k = 0; k < Shape::step_depth; ++k) {
      for (int n = 0; n < tokens; ++n) bm[index(k * tokens + n)] = number(b.of_b(k, n));
    }
    const auto kept = places(metadata, Shape::sparse ? selector : 0);
    std::vector<float> product(index(instruction_outputs * tokens));
    for (int row = 0; row < instruction_outputs; ++row) {
      for (int k = 0; k < 16; ++k) {
        const float value = number(a.of_a(row, k));
        const float* line = &bm[index(kept[index(row)][index(k)] * tokens)];
        for (int n = 0; n < tokens; ++n) product[index(row * tokens + n)] += value * line[n];
      }
    }
    for (int thread = 0; thread < group_threads; ++thread) {
      for (int i = 0; i < Shape::accumulators; ++i) {
        sum(group, thread, i) +=
            product[index(accumulator_row(thread, i) * tokens + accumulator_column(thread, i))];
      }
    }
  }

  float& sum(int group, int thread, int i) {
    return sums_[index((group * group_threads + thread) * Shape::accumulators + i)];
  }

  void store(const Band& band, std::int64_t token, int group) {
    for (int first = 0; first < group_threads; first += 4) {
      for (int half = 0; half < 2; ++half) {
        for (int exchange = 0; exchange < exchanges<Shape>; ++exchange) {
          store_quad(band, token, group, first, half, exchange);
        }
      }
    }
  }

  void store_quad(const Band& band, std::int64_t token, int group, int first, int half,
                  int exchange) {
    std::array<std::array<std::uint32_t, exchange_words>, 4> words{};
    for (int lane = 0; lane < 4; ++lane) {
      for (int word = 0; word < exchange_words; ++word) {
        const int i = exchanged_accumulator(exchange, word, half);
        const std::uint32_t low = to_bits(sum(group, first + lane, i), packed_.options.number);
        const std::uint32_t high = to_bits(sum(group, first + lane, i + 1), packed_.options.number);
        words[index(lane)][index(word)] = low | high << 16;
      }
    }
    for (int round = 0; round < exchange_rounds; ++round) {
      for (int pair = 0; pair < 2; ++pair) {
        const auto place = [&](int lane) -> std::uint32_t& {
          const bool bit = (lane >> round & 1) != 0;
          return words[index(lane)][index(bit ? pair_lower(round, pair) : pair_upper(round, pair))];
        };
        for (int lane = 0; lane < 4; ++lane) {
          if ((lane >> round & 1) == 0) std::swap(place(lane), place(lane ^ 1 << round));
        }
      }
    }
    for (int lane = 0; lane < 4; ++lane) {
      const int row = group_output<Shape>(group) + accumulator_row(first + lane, half * 2);
      const std::int32_t column = packed_.column_table.at(index(band.columns + row));
      const std::int64_t to = token + group_token<Shape>(group) + exchanged_token(exchange, lane);
      const int valid = valid_bytes(to, y_.tokens);
      if (column < 0) continue;
      for (int i = 0; i * 2 < valid; ++i) {
        y_.numbers.at(static_cast<std::size_t>(column * y_.pitch + to + i)) =
            static_cast<std::uint16_t>(words[index(lane)][index(i / 2)] >> (i % 2 * 16));
      }
    }
  }

  const PackedWeight& packed_;
  const Activations& x_;
  Activations& y_;
  Bytes shared_;
  Cursor cursor_;
  std::vector<float> sums_ =
      std::vector<float>(index(consumer_groups * group_threads * Shape::accumulators));
};

template <bool sparse, int outputs, int tokens>
void run_wgmma_shape(const PackedWeight& packed, const Activations& x, Activations& y) {
  WgmmaBlock<WgmmaShape<sparse, outputs, tokens>> block(packed, x, y);
  const std::int64_t tiles = token_tiles(x.tokens, tokens);
  for (std::int64_t ticket = 0; ticket < static_cast<std::int64_t>(packed.bands.size()) * tiles;
       ++ticket) {
    const WorkItem item = work_item(ticket, tiles, tokens);
    block.run(packed.bands.at(static_cast<std::size_t>(item.band)), item.token);
  }
}

/// One launch with tiles of `tile_tokens` (256 where the tiles have 64 outputs).
inline void run_wgmma(const PackedWeight& packed, const Activations& x, Activations& y,
                      int tile_tokens) {
  const bool sparse = packed.options.sparse;
  if (packed.options.outputs == 64) {
    sparse ? run_wgmma_shape<true, 64, 256>(packed, x, y)
           : run_wgmma_shape<false, 64, 256>(packed, x, y);
  } else if (tile_tokens == 128) {
    sparse ? run_wgmma_shape<true, 128, 128>(packed, x, y)
           : run_wgmma_shape<false, 128, 128>(packed, x, y);
  } else {
    sparse ? run_wgmma_shape<true, 128, 256>(packed, x, y)
           : run_wgmma_shape<false, 128, 256>(packed, x, y);
  }
}

}  // namespace emulated
