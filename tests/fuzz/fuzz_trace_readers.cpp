// Any bytes are a workload that keeps its invariants, or an Error, whatever is done with bad rows;
// and a workload survives the native format. The format under test is ORRERY_FUZZ_FORMAT.
#include <memory>

#include "models/base/document.hpp"
#include "tests/fuzz/input_file.hpp"
#include "traces/trace_reader.hpp"

using namespace orrery;
using fuzz::InputFile;
using fuzz::require;

namespace {

const traces::TraceReader& reader_under_test() {
  static const std::unique_ptr<traces::TraceReader> reader = [] {
    const std::string options = ORRERY_FUZZ_OPTIONS;
    const traces::TraceFormat* format = traces::find_format(ORRERY_FUZZ_FORMAT);
    require(format != nullptr);
    return format->make(options.empty() ? base::Node{} : base::parse_yaml(options, "options"));
  }();
  return *reader;
}

std::unique_ptr<workloads::TrainingWorkload> read(const traces::TraceReader& reader,
                                                  const InputFile& file, traces::OnBadRow mode) {
  try {
    return std::make_unique<workloads::TrainingWorkload>(reader.read({file.path(), mode}));
  } catch (const base::Error&) {
    return nullptr;
  }
}

void require_sound(const workloads::TrainingWorkload& workload) {
  require(!workload.jobs.empty());
  workloads::check(workload);  // an Error that escapes stops the fuzzer
  const std::string csv = traces::to_native_csv(workload);
  const InputFile file(reinterpret_cast<const std::uint8_t*>(csv.data()), csv.size());
  static const auto native = traces::find_format("csv")->make(base::Node{});
  const auto again = native->read({file.path(), traces::OnBadRow::fail});
  require(again.jobs.size() == workload.jobs.size());
  require(traces::to_native_csv(again) == csv);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const InputFile file(data, size);
  try {
    traces::detect_format(file.path());
  } catch (const base::Error&) {
  }
  const auto strict = read(reader_under_test(), file, traces::OnBadRow::fail);
  const auto lenient = read(reader_under_test(), file, traces::OnBadRow::skip);
  if (strict) {
    require(lenient != nullptr && strict->skipped_rows == 0 && lenient->skipped_rows == 0);
    require(traces::to_native_csv(*strict) == traces::to_native_csv(*lenient));
    require_sound(*strict);
  } else if (lenient) {
    require(lenient->skipped_rows > 0);
    require_sound(*lenient);
  }
  return 0;
}
