// Any bytes are a table of measured collectives or an Error; what is found takes some time.
#include "models/base/error.hpp"
#include "tests/fuzz/input_file.hpp"
#include "traces/collective_measurements.hpp"

using namespace orrery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file(data, size);
  try {
    const models::CollectiveTables tables = traces::read_collectives(file.path());
    const auto* table = tables.find("a40", "ib");
    if (table == nullptr) return 0;
    const auto seconds = table->seconds({models::CollectiveOp::all_reduce, 1, 2, 2, 1}, 1e9);
    fuzz::require(!seconds || *seconds > 0);
  } catch (const base::Error&) {
  }
  return 0;
}
