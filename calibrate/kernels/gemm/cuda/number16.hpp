// bf16 and fp16 on the host, by bits: no type that only some compilers have.
#pragma once

#include <cstdint>

namespace orrery::calibrate::gemm_cuda {

enum class Number { bf16, fp16 };

/// Nearest 16-bit number, ties to even; beyond the range infinity.
std::uint16_t to_bits(float value, Number number);
float from_bits(std::uint16_t bits, Number number);

}  // namespace orrery::calibrate::gemm_cuda
