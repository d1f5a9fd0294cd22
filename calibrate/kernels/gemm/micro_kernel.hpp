// The innermost product, one per instruction set: a few output columns times one strip of tokens.
//
// Files that are compiled for an instruction set include this header and nothing that defines
// inline functions: the linker keeps one copy of each, and it must not be theirs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orrery::calibrate::gemm {

/// Output columns of one strip of packed weights. It divides the panel widths 32 to 256, so that
/// none of them pays for a ragged strip. OURS.
constexpr int kStripColumns = 8;

/// One call: Y[column, token] (+)= sum over k of weights[k, column] * tokens[rows[k], token].
struct TileArguments {
  const float* weights;          ///< `columns` values for each k, `weight_stride` apart
  std::ptrdiff_t weight_stride;  ///< from k to k + 1, in floats
  const float* tokens;           ///< packed strip: `strip_tokens` floats for each packed row
  const std::int32_t* rows;      ///< packed row of each k
  std::int32_t depth;            ///< how many k
  const std::int32_t* outputs;   ///< row of Y^T for each column
  std::int32_t columns;          ///< 1 to kStripColumns
  std::int32_t valid_tokens;     ///< 1 to strip_tokens: only these are written
  float* y;                      ///< Y^T at the strip's first token
  std::ptrdiff_t y_stride;       ///< from row to row of Y^T, in floats
  bool accumulate;               ///< adds to what Y^T holds; otherwise Y^T is only written
};

struct MicroKernel {
  int strip_tokens;                    ///< tokens of one packed strip
  void (*tile)(const TileArguments&);  ///< one tile
  double (*fma_loop)(
      std::int64_t rounds);  ///< `rounds` of independent multiply-adds: returns their FLOP
};

extern const MicroKernel kScalarKernel;
#if defined(__x86_64__)
extern const MicroKernel kAvx2Kernel;
extern const MicroKernel kAvx512Kernel;
#endif

}  // namespace orrery::calibrate::gemm
