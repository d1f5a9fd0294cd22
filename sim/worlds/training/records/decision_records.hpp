// decisions.csv: what was done with each job, when and why; what `orrery explain` reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/platform/node.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/usage_meter.hpp"

namespace orrery::training {

class DecisionRecords {
 public:
  DecisionRecords(const std::string& path, const platform::Inventory& inventory,
                  const workloads::TrainingWorkload& workload);

  /// `state` is the cluster's after the event.
  void on_event(const ClusterEvent& event, const UsageState& state);
  void close() { file_.close(); }

 private:
  void write_job(const ClusterEvent& event);
  void write_nodes(const ClusterEvent& event);
  double free_gpus(const ClusterEvent& event, const UsageState& state);
  const std::vector<std::size_t>& types_of(workloads::JobId job);

  report::CsvFile file_;
  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  std::vector<std::size_t> all_types_;
  std::vector<std::vector<std::size_t>> types_of_names_;  // by NameId of a job's type list
  std::int64_t sequence_ = 0;
};

}  // namespace orrery::training
