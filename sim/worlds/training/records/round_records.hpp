// rounds.csv: the throughput of every round, of a world that counts in rounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/cluster_event.hpp"

namespace orrery::training {

/// Columns `round,samples_per_second`. Without rounds there is no file.
class RoundRecords {
 public:
  explicit RoundRecords(std::string path) : path_(std::move(path)) {}

  void on_event(const ClusterEvent& event) {
    if (event.kind != ClusterEvent::Kind::round_ended) return;
    if (!file_) file_.emplace(path_, std::vector<std::string>{"round", "samples_per_second"});
    file_->row().field(round_++).field(event.value);
    file_->end_row();
  }
  void close() {
    if (file_) file_->close();
  }

 private:
  std::string path_;
  std::optional<report::CsvFile> file_;
  std::int64_t round_ = 0;
};

}  // namespace orrery::training
