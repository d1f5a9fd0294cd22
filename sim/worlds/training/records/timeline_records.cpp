#include "sim/worlds/training/records/timeline_records.hpp"

namespace orrery::training {

namespace {

std::vector<std::string> header(const platform::Inventory& inventory, bool with_samples) {
  std::vector<std::string> columns{"time_seconds"};
  for (const std::string& type : inventory.types) columns.push_back("used_" + type);
  for (const std::string& type : inventory.types) columns.push_back("available_" + type);
  columns.emplace_back("running_jobs");
  columns.emplace_back("pending_jobs");
  if (with_samples) columns.emplace_back("samples_per_second");
  return columns;
}

}  // namespace

TimelineRecords::TimelineRecords(const std::string& path, const platform::Inventory& inventory,
                                 bool with_samples)
    : file_(path, header(inventory, with_samples)), with_samples_(with_samples) {}

void TimelineRecords::on_state(double seconds, const UsageState& state) {
  if (state == last_) return;
  last_ = state;
  base::CsvWriter& row = file_.row();
  row.field(seconds);
  for (const std::int64_t milli : state.used_milli) row.field(static_cast<double>(milli) / 1000);
  for (const std::int64_t milli : state.available_milli)
    row.field(static_cast<double>(milli) / 1000);
  row.field(state.running_jobs).field(state.pending_jobs);
  if (with_samples_) row.field(state.samples_per_second);
  file_.end_row();
}

}  // namespace orrery::training
