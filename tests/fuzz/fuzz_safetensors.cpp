// Any bytes are tensors whose shapes and numbers agree, or an Error.

#include <cmath>

#include "models/base/error.hpp"
#include "models/base/safetensors.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery::base;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const orrery::fuzz::InputFile input(data, size);
  try {
    SafetensorsFile file(input.path());
    for (const TensorEntry& entry : file.entries()) {
      if (!SafetensorsFile::is_float(entry)) continue;
      const Tensor tensor = file.read(entry);
      orrery::fuzz::require(element_count(tensor.shape) == tensor.values.size());
      for (const float value : tensor.values) orrery::fuzz::require(std::isfinite(value));
    }
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
