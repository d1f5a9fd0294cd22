// Any bytes are an array whose shape and numbers agree, or an Error.

#include <cmath>

#include "models/base/error.hpp"
#include "models/base/npy.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery::base;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const orrery::fuzz::InputFile file(data, size);
  try {
    const Tensor tensor = read_npy(file.path());
    orrery::fuzz::require(element_count(tensor.shape) == tensor.values.size());
    for (const float value : tensor.values) orrery::fuzz::require(std::isfinite(value));
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
