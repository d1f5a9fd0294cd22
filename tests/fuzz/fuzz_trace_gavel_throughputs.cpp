// Any bytes are a table of throughputs or an Error; a rate that is found is positive.
#include "models/base/error.hpp"
#include "tests/fuzz/input_file.hpp"
#include "traces/gavel_throughputs.hpp"

using namespace orrery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file(data, size);
  try {
    const traces::GavelThroughputs rates(file.path(), "v100");
    const auto rate = rates.steps_per_second("Reed", 1);
    fuzz::require(!rate || *rate > 0);
  } catch (const base::Error&) {
  }
  return 0;
}
