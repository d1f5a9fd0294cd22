// Any bytes are a table of throughputs whose every row can be asked for, or an Error. The format
// under test is ORRERY_FUZZ_FORMAT; of `sia`, which reads folders, it is one file.
#include <string_view>

#include "models/base/document.hpp"
#include "tests/fuzz/input_file.hpp"
#include "traces/sia_profile.hpp"
#include "traces/throughput_reader.hpp"

using namespace orrery;

namespace {

models::ThroughputTable read(const std::string& path) {
  constexpr std::string_view kFormat = ORRERY_FUZZ_FORMAT;
  if (kFormat == "sia") {
    models::ThroughputTable table;
    traces::read_sia_profile(path, {"reed", "t4", 2}, table);
    return table;
  }
  static const traces::ThroughputFormat* format = traces::find_throughput_format(kFormat);
  fuzz::require(format != nullptr);
  return format->read(path, base::Node{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file(data, size);
  try {
    const models::ThroughputTable table = read(file.path());
    const auto rows = table.measurements();
    fuzz::require(rows.size() == table.rows());
    for (const models::MeasuredIteration& row : rows) {
      fuzz::require(row.iteration_seconds > 0);
      fuzz::require(table.find(row.task, row.gpu_type, row.locality) == row.iteration_seconds);
    }
  } catch (const base::Error&) {
  }
  return 0;
}
