// allocations.csv: which job held which GPUs, from when to when, and what ended it.
#pragma once

#include <string>

#include "sim/platform/node.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/records/allocation_spans.hpp"

namespace orrery::training {

/// One row for each node of a span, in order of the spans' ends.
class AllocationRecords {
 public:
  AllocationRecords(const std::string& path, const platform::Inventory& inventory,
                    const workloads::TrainingWorkload& workload);

  void on_span(const AllocationSpan& span);
  void close() { file_.close(); }

 private:
  report::CsvFile file_;
  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
};

}  // namespace orrery::training
