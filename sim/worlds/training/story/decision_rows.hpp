// Reading decisions.csv as a stream.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/worlds/training/reason.hpp"

namespace orrery::training {

/// One row of decisions.csv.
struct DecisionRow {
  std::int64_t sequence = 0;
  double time_seconds = 0;
  std::string kind;
  std::string job_id;
  std::string reason;
  std::string because_of;
  double value = 0;  ///< 0 where the cell is empty
  double gpus = 0;
  std::string nodes;  ///< `3:8;4:2`: node and GPUs
  double free_gpus = 0;

  /// The reason by its word; none where it is not known.
  Reason why() const { return find_reason(reason); }
  bool is_start() const { return kind == "started" || kind == "resumed"; }
};

/// Calls `visit` for every row; the row is valid only there. Throws base::Error when the file is
/// missing or damaged.
void for_each_decision(const std::string& path,
                       const std::function<void(const DecisionRow&)>& visit);

}  // namespace orrery::training
