#include "sim/worlds/training/records/run_files.hpp"

#include "models/base/csv.hpp"

namespace orrery::training {

namespace {

std::optional<double> optional_number(const base::CsvReader& csv, std::size_t column) {
  if (csv[column].empty()) return std::nullopt;
  return csv.number(column);
}

void check_finished(const base::CsvReader& csv, const JobRow& row) {
  if (!row.finished()) return;
  if (row.start_seconds && row.finish_seconds && row.wait_seconds) return;
  throw base::Error(csv.where(),
                    "expected a start, a finish and a wait of a finished job, found an empty cell");
}

}  // namespace

std::vector<JobRow> read_job_rows(const std::string& path) {
  base::CsvReader csv(path);
  const std::size_t id = csv.column("job_id");
  const std::size_t submit = csv.column("submit_seconds");
  const std::size_t start = csv.column("start_seconds");
  const std::size_t finish = csv.column("finish_seconds");
  const std::size_t state = csv.column("state");
  const std::size_t gpus = csv.column("gpus");
  const std::size_t wait = csv.column("wait_seconds");
  const auto virtual_cluster = csv.find_column("virtual_cluster");
  std::vector<JobRow> rows;
  while (csv.next()) {
    rows.push_back({std::string(csv[id]), csv.number(submit), optional_number(csv, start),
                    optional_number(csv, finish), std::string(csv[state]), csv.number(gpus),
                    optional_number(csv, wait),
                    virtual_cluster ? std::string(csv[*virtual_cluster]) : std::string{}});
    check_finished(csv, rows.back());
  }
  return rows;
}

}  // namespace orrery::training
