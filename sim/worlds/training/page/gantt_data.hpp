// allocations.csv as the bars of a Gantt chart, one row a GPU.
#pragma once

#include <string>
#include <unordered_map>

#include "sim/report/json_fields.hpp"

namespace orrery::report {

/// Names of jobs that bars refer to by number, shared by all charts of a page.
class JobNames {
 public:
  std::size_t number_of(const std::string& job);
  const Json& list() const { return list_; }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
  Json list_ = Json::array();
};

struct GanttLimits {
  std::size_t bars = 20'000;
  std::size_t rows = 512;  ///< GPUs drawn; whole nodes, the lowest numbers first
};

/// `{begin, unit, nodes: [[node, type, first row, rows]], bars: [row, rows, start, length, job,
/// ...], merged_below_seconds, merged_runs, hidden_nodes, runs}`. A start counts units from the
/// start of the bar before. Runs shorter than some width are merged, where little but a gap of that
/// width lies between them, into one bar with the job -n for n runs; the width is 0 when all bars
/// fit the limit. Shares of a GPU are always merged. Null when the file does not exist.
Json gantt_json(const std::string& path, const GanttLimits& limits, JobNames& names);

}  // namespace orrery::report
