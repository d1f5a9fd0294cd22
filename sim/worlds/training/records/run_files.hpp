// Reading the CSV files of a run back.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace orrery::training {

/// One row of jobs.csv.
struct JobRow {
  std::string id;
  double submit_seconds = 0;
  std::optional<double> start_seconds;
  std::optional<double> finish_seconds;
  std::string state;
  double gpus = 0;
  std::optional<double> wait_seconds;
  std::string virtual_cluster;

  bool finished() const { return state == "finished"; }
};

/// Throws base::Error when the file is missing or a row is damaged; finished jobs have all times.
std::vector<JobRow> read_job_rows(const std::string& path);

}  // namespace orrery::training
