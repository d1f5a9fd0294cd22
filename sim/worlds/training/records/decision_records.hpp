// decisions.csv: what was done with each job, when and why; what `orrery explain` reads.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sim/platform/node.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/usage_meter.hpp"

namespace orrery::training {

/// How long a restart takes is known only once the job's state has arrived where that travels over
/// a shared fabric: its row and those after it are held until then.
class DecisionRecords {
 public:
  using OthersMilli = std::function<std::int64_t(platform::TypeId)>;
  /// `others_milli` gives the GPUs of a type that other worlds hold, in thousandths; empty: none.
  DecisionRecords(const std::string& path, const platform::Inventory& inventory,
                  const workloads::TrainingWorkload& workload, OthersMilli others_milli);

  /// `state` is the cluster's after the event.
  void on_event(const ClusterEvent& event, const UsageState& state);
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

  Row row_of(const ClusterEvent& event, const UsageState& state);
  void name_jobs(Row& row, const ClusterEvent& event) const;
  void name_nodes(Row& row, const ClusterEvent& event) const;
  double free_gpus(const ClusterEvent& event, const UsageState& state);
  const std::vector<std::size_t>& types_of(workloads::JobId job);
  /// The restart of an event's job is over, or cut short.
  void end_restart(const training::ClusterEvent& event);
  void write(const Row& row);
  void write_known();

  report::CsvFile file_;
  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  std::vector<std::size_t> all_types_;
  std::vector<std::vector<std::size_t>> types_of_names_;  // by NameId of a job's type list
  OthersMilli others_milli_;
  std::int64_t sequence_ = 0;
  std::deque<Row> held_;  // the first one's value is not known yet
};

}  // namespace orrery::training
