// decisions.csv: what was done with each job, when and why; what `orrery explain` reads.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>

#include "sim/platform/node.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/free_gpus.hpp"

namespace orrery::training {

/// How long a restart takes is known only once the job's state has arrived where that travels over
/// a shared fabric: its row and those after it are held until then.
class DecisionRecords {
 public:
  DecisionRecords(const std::string& path, const platform::Inventory& inventory,
                  const workloads::TrainingWorkload& workload, Pools pools);

  void on_event(const ClusterEvent& event);
  /// A restart that is not over by `end_seconds` counts until then.
  void close(double end_seconds);

 private:
  struct Row {
    std::int64_t sequence = 0;
    double seconds = 0;
    std::string_view kind, job_id, reason, because_of;
    double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN: an empty cell
    double gpus = 0;
    std::string nodes;
    double free_gpus = 0;
    workloads::JobId restarting;  ///< whose `value` is not known yet; none: it is
  };

  Row row_of(const ClusterEvent& event);
  void name_jobs(Row& row, const ClusterEvent& event) const;
  void name_nodes(Row& row, const ClusterEvent& event) const;
  /// The restart of an event's job is over, or cut short.
  void end_restart(const training::ClusterEvent& event);
  void write(const Row& row);
  void write_known();

  report::CsvFile file_;
  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  FreeGpus free_;
  std::int64_t sequence_ = 0;
  std::deque<Row> held_;  // the first one's value is not known yet
};

}  // namespace orrery::training
