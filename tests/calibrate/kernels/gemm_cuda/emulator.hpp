// The kernel's loop on the CPU, lane by lane, with the kernel's own index arithmetic. What the
// hardware does (cp.async, ldmatrix.trans, mma.sync, mma.sp) is written out here from the PTX ISA.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "calibrate/kernels/gemm/cuda/packing.hpp"

namespace emulated {

using namespace orrery::calibrate::gemm_cuda;

struct Activations {
  std::int64_t tokens = 0;
  std::int64_t pitch = 0;
  std::vector<std::uint16_t> numbers;  ///< [rows][pitch]
};

constexpr std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

using Bytes = std::vector<unsigned char>;

inline void copy_async(Bytes& shared, int at, const void* from, int bytes) {
  std::memset(&shared.at(static_cast<std::size_t>(at) + 15) - 15, 0, 16);
  if (bytes > 0)
    std::memcpy(&shared.at(static_cast<std::size_t>(at)), from, static_cast<std::size_t>(bytes));
}

template <class T>
T read(const Bytes& shared, int at) {
  T value;
  std::memcpy(&value, &shared.at(static_cast<std::size_t>(at) + sizeof(T) - 1) - (sizeof(T) - 1),
              sizeof(T));
  return value;
}

template <class Shape>
class Block {
 public:
  Block(const PackedWeight& packed, const Activations& x, Activations& y, bool gather)
      : packed_(packed),
        x_(x),
        y_(y),
        gather_(gather),
        shared_(static_cast<std::size_t>(Shape::shared_bytes), 0xff) {}

  void run(const Band& band, std::int64_t token) {
    for (auto& sum : sums_) sum = 0;
    for (int stage = 0; stage < Shape::stages - 1; ++stage) {
      if (stage < band.stages) load(band, token, stage);
    }
    for (int stage = 0; stage < band.stages; ++stage) {
      const int ahead = stage + Shape::stages - 1;
      if (ahead < band.stages) load(band, token, ahead);
      const int slot = stage % Shape::stages * Shape::stage_bytes;
      for (int warp = 0; warp < 4; ++warp) {
        for (int step = 0; step < stage_steps; ++step) multiply(slot, warp, step);
      }
    }
    store(band, token);
  }

 private:
  void load(const Band& band, std::int64_t token, int stage) {
    const int slot = stage % Shape::stages * Shape::stage_bytes;
    for (int thread = 0; thread < block_threads; ++thread) {
      for (int i = 0; i < Shape::value_copies; ++i) {
        const int at = (i * block_threads + thread) * chunk_bytes;
        const auto from = static_cast<std::size_t>(
            band.values + static_cast<std::int64_t>(stage) * Shape::value_bytes / 2 + at / 2);
        copy_async(shared_, slot + at, &packed_.values.at(from + 7) - 7, 16);
      }
      if (thread < Shape::metadata_threads) {
        const auto from = static_cast<std::size_t>(
            band.metadata + static_cast<std::int64_t>(stage) * Shape::metadata_bytes / 4 +
            thread * 4);
        copy_async(shared_, slot + Shape::value_bytes + thread * 16,
                   &packed_.metadata.at(from + 3) - 3, 16);
      }
      const std::int64_t first = token + std::int64_t{copy_chunk(thread)} * chunk_numbers;
      const int valid = valid_bytes(first, x_.tokens);
      for (int i = 0; i < Shape::token_copies; ++i) {
        const int k = stage * Shape::depth + copy_row(thread, i);
        const std::int32_t row =
            gather_ ? packed_.row_table.at(index(band.rows + k)) : (k < band.kept ? k : -1);
        const bool there = row >= 0 && valid > 0;
        const void* from = nullptr;
        if (there) from = &x_.numbers.at(static_cast<std::size_t>(row * x_.pitch + first));
        copy_async(shared_,
                   slot + Shape::tokens_at + swizzled(copy_row(thread, i), copy_chunk(thread)),
                   from, there ? valid : 0);
      }
    }
  }

  float number(std::uint16_t bits) const { return from_bits(bits, packed_.options.number); }

  /// mma.sync or mma.sp on one warp's fragments: B of 16 or 32 rows from its lanes' elements.
  void instruction(float* c, const std::array<std::array<std::uint16_t, 8>, 32>& a,
                   const std::array<std::array<std::uint16_t, 8>, 32>& b,
                   const std::array<std::uint32_t, 32>& metadata, int selector) {
    float am[16][16];
    float bm[32][8] = {};
    for (int lane = 0; lane < 32; ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      for (int i = 0; i < 8; ++i)
        am[a_row(lane, i)][a_column(lane, i)] = number(a[l][static_cast<std::size_t>(i)]);
      for (int i = 0; i < (Shape::sparse ? 8 : 4); ++i)
        bm[b_row(lane, i)][b_column(lane)] = number(b[l][static_cast<std::size_t>(i)]);
    }
    for (int lane = 0; lane < 32; ++lane) {
      for (int i = 0; i < 4; ++i) {
        const int row = c_row(lane, i);
        float sum = c[lane * 4 + i];
        for (int k = 0; k < 16; ++k) {
          int b_at = k;
          if (Shape::sparse) {
            const std::uint32_t word =
                metadata[static_cast<std::size_t>(metadata_lane(row, k / 2, selector))];
            const std::uint32_t bits = (word >> metadata_shift(row, k / 2)) & 15u;
            if ((bits & 3u) >= (bits >> 2)) throw std::runtime_error("metadata is not ordered");
            b_at = k / 2 * 4 + static_cast<int>(k % 2 == 0 ? bits & 3u : bits >> 2);
          }
          sum += am[row][k] * bm[b_at][c_column(lane, i)];
        }
        c[lane * 4 + i] = sum;
      }
    }
  }

  float* sums(int warp, int fragment, int tile) {
    return &sums_[index(
        ((warp * Shape::warp_fragments + fragment) * Shape::warp_token_tiles + tile) * 128)];
  }

  void multiply(int slot, int warp, int step) {
    const int warp_row = warp / 2;
    const int warp_column = warp % 2;
    for (int loads = 0; loads < loads_per_step<Shape>; ++loads) {
      // ldmatrix.x4.trans: four matrices, their rows at the addresses of eight lanes each.
      std::array<std::array<std::uint16_t, 8>, 32> b{};
      for (int matrix = 0; matrix < 4; ++matrix) {
        for (int lane = 0; lane < 32; ++lane) {
          for (int i = 0; i < 2; ++i) {
            const int giver = matrix * 8 + transposed_row(lane, i);
            const int at = slot + token_at<Shape>(warp_column, step, loads, giver) +
                           transposed_column(lane) * 2;
            b[static_cast<std::size_t>(lane)][index(matrix * 2 + i)] =
                read<std::uint16_t>(shared_, at);
          }
        }
      }
      for (int f = 0; f < Shape::warp_fragments; ++f) {
        std::array<std::array<std::uint16_t, 8>, 32> a{};
        std::array<std::uint32_t, 32> metadata{};
        const int fragment = warp_row * Shape::warp_fragments + f;
        for (int lane = 0; lane < 32; ++lane) {
          const auto l = static_cast<std::size_t>(lane);
          a[l] = read<std::array<std::uint16_t, 8>>(shared_, slot + value_at(fragment, step, lane));
          if (Shape::sparse)
            metadata[l] = read<std::uint32_t>(shared_, slot + metadata_at<Shape>(fragment, lane));
        }
        if (Shape::sparse) {
          instruction(sums(warp, f, loads), a, b, metadata, step);
        } else {
          instruction(sums(warp, f, loads * 2), a, b, metadata, 0);
          auto second = b;
          for (auto& lane : second) std::copy(lane.begin() + 4, lane.end(), lane.begin());
          instruction(sums(warp, f, loads * 2 + 1), a, second, metadata, 0);
        }
      }
    }
  }

  void store(const Band& band, std::int64_t token) {
    for (int warp = 0; warp < 4; ++warp) {
      for (int f = 0; f < Shape::warp_fragments; ++f) {
        for (int tile = 0; tile < Shape::warp_token_tiles; ++tile) {
          for (int lane = 0; lane < 32; ++lane) {
            for (int half = 0; half < 2; ++half) {
              for (int i = 0; i < 2; ++i) {
                const std::uint16_t bits =
                    to_bits(sums(warp, f, tile)[lane * 4 + half * 2 + i], packed_.options.number);
                const int at = result_at<Shape>(warp / 2, warp % 2, f, tile, lane, half) + i * 2;
                std::memcpy(&shared_.at(static_cast<std::size_t>(at) + 1) - 1, &bits, 2);
              }
            }
          }
        }
      }
    }
    for (int thread = 0; thread < block_threads; ++thread) {
      const std::int64_t first = token + std::int64_t{copy_chunk(thread)} * chunk_numbers;
      const int valid = valid_bytes(first, y_.tokens);
      for (int i = 0; i < Shape::store_copies; ++i) {
        const int row = copy_row(thread, i);
        const std::int32_t column = packed_.column_table.at(index(band.columns + row));
        if (column < 0) continue;
        for (int j = 0; j < valid / 2; ++j) {
          y_.numbers.at(static_cast<std::size_t>(column * y_.pitch + first + j)) =
              read<std::uint16_t>(shared_, swizzled(row, copy_chunk(thread)) + j * 2);
        }
      }
    }
  }

  const PackedWeight& packed_;
  const Activations& x_;
  Activations& y_;
  bool gather_;
  Bytes shared_;
  std::array<float,
             static_cast<std::size_t>(4 * Shape::warp_fragments * Shape::warp_token_tiles * 128)>
      sums_{};
};

template <bool sparse, int outputs>
void run_shape(const PackedWeight& packed, const Activations& x, Activations& y, bool gather) {
  Block<TileShape<sparse, outputs>> block(packed, x, y, gather);
  const std::int64_t tiles = token_tiles(x.tokens);
  for (std::int64_t ticket = 0; ticket < static_cast<std::int64_t>(packed.bands.size()) * tiles;
       ++ticket) {
    const WorkItem item = work_item(ticket, tiles);
    block.run(packed.bands.at(static_cast<std::size_t>(item.band)), item.token);
  }
}

/// One launch. `gather` as the launch wrapper chooses it, or forced.
inline void run(const PackedWeight& packed, const Activations& x, Activations& y, bool gather) {
  if (packed.options.sparse) {
    packed.options.outputs == 64 ? run_shape<true, 64>(packed, x, y, gather)
                                 : run_shape<true, 128>(packed, x, y, gather);
  } else {
    packed.options.outputs == 64 ? run_shape<false, 64>(packed, x, y, gather)
                                 : run_shape<false, 128>(packed, x, y, gather);
  }
}

}  // namespace emulated
