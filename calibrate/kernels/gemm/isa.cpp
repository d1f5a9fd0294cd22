#include "calibrate/kernels/gemm/isa.hpp"

namespace orrery::calibrate::gemm {

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    case Isa::scalar:
      break;
  }
  return "scalar";
}

const std::vector<Isa>& available_isas() {
  static const std::vector<Isa> found = [] {
    std::vector<Isa> isas{Isa::scalar};
#if defined(__x86_64__)
    // The compiler's test asks the operating system too: registers that it does not save are
    // absent.
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) isas.push_back(Isa::avx2);
    if (__builtin_cpu_supports("avx512f")) isas.push_back(Isa::avx512);
#endif
    return isas;
  }();
  return found;
}

Isa best_isa() {
  return available_isas().back();
}

}  // namespace orrery::calibrate::gemm
