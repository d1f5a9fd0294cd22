// sharing.csv: how much slower each job on several nodes was for sharing the fabric.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/run_totals.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

class SharingRecords {
 public:
  SharingRecords(std::string path, const workloads::TrainingWorkload& workload);

  void on_event(const ClusterEvent& event);
  /// Ends what still runs and writes the file: jobs that worked on several nodes, in file order.
  void close(double end_seconds);
  /// To be asked when closed.
  const SharingSummary& summary() const { return summary_; }

 private:
  // Time in which a job works on several nodes, and the same work with the fabric to itself.
  struct Record {
    double started_seconds = 0;
    double since_seconds = 0;  // counted until here; infinity: work has not begun or is over
    double slowdown = 1;       // since then
    bool several_nodes = false;
    double seconds = 0, alone_seconds = 0;
    double worst = 1;
    std::uint64_t changes = 0;
  };
  static void begin(Record& record, const ClusterEvent& event);
  static void count(Record& record, double until_seconds);

  std::string path_;
  const workloads::TrainingWorkload& workload_;
  std::vector<Record> records_;
  SharingSummary summary_;
};

}  // namespace orrery::training
