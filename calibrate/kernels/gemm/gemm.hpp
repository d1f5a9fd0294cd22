// Y = X W in fp32 for a dense or pruned W, on the processor.
//
// Activations stay token-contiguous between layers, as docs/systems/tvw.md, "CUDA kernels", has it:
// X^T is K rows of M tokens, Y^T is N rows of M tokens, and Y^T = W^T X^T is what is computed. A
// row of W that a panel dropped is then a row of X^T that is not read, and an output column is one
// row.
//
// Each call cuts the tokens into tiles. A worker packs the rows of X^T that a tile needs into
// strips inside its second-level cache, which gathers them, and runs every panel from there through
// the panel's table of rows. Where tokens are too few for the workers, panels are spread as well,
// and each packs its own rows (docs/systems/tvw.md, "Kernels on a processor"). OURS: packing the
// union of rows once for all panels, so that the cost of the gather does not grow as panels get
// narrower.
//
// Cost on one core: 2 * M * kept weights / (64 FLOP per cycle with two ports of AVX-512), plus
// M * touched rows * 8 bytes of packing, plus M * N * 4 bytes written once for each block of K.
#pragma once

#include <cstdint>
#include <span>

#include "calibrate/device/clocks.hpp"
#include "calibrate/kernels/gemm/isa.hpp"
#include "calibrate/kernels/gemm/packed_weights.hpp"

namespace orrery::calibrate::gemm {

/// What one worker's packed tokens may take: half of a second-level cache of 2 MiB.
inline constexpr std::int64_t kTileBytes = 1 << 20;

/// Tokens of one strip, three registers of them. Throws base::Error where `isa` is not available.
int strip_tokens(Isa isa);

/// Y^T[N, M] = W^T X^T for M = `tokens`. Writes every value of `y`, also those of pruned columns,
/// which are exactly zero. `threads` at least 1; the bytes of `y` do not depend on it.
/// Throws base::Error where a span has another size than the shapes say, or `isa` is not available.
void multiply(const PackedWeights& packed, std::span<const float> x, std::span<float> y,
              std::int64_t tokens, int threads, Isa isa);

/// The same product, to measure it: its work is dealt out beforehand, as threads take it that are
/// never interrupted, and what comes back is the processor time of the slowest. Other
/// work on the machine then lengthens it little: what that takes of a processor is not counted,
/// what it takes of caches and memory is. The caller's thread counts from the call on, the others
/// from when they have begun. On an idle machine multiply() takes as long by the wall clock, and
/// the microseconds in which the others wake.
RunTime multiply_timed(const PackedWeights& packed, std::span<const float> x, std::span<float> y,
                       std::int64_t tokens, int threads, Isa isa);

/// FLOP per second of one thread that does nothing but multiply-adds on registers for about
/// `seconds`: the ceiling of what `multiply` can reach. The highest of ten rounds.
double peak_flops(Isa isa, double seconds);

}  // namespace orrery::calibrate::gemm
