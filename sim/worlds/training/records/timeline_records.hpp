// timeline.csv: the state of the cluster, one row for each instant at which it changed.
#pragma once

#include <string>

#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/records/usage_meter.hpp"

namespace orrery::training {

class TimelineRecords {
 public:
  /// `with_samples`: a column for the throughput, where jobs say how many samples they compute.
  TimelineRecords(const std::string& path, const platform::Inventory& inventory, bool with_samples);

  void on_state(double seconds, const UsageState& state);
  void close() { file_.close(); }

 private:
  report::CsvFile file_;
  UsageState last_;
  bool with_samples_;
};

}  // namespace orrery::training
