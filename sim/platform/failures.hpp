// Node failures and repairs: drawn from exponential distributions or replayed from a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/parameters.hpp"
#include "models/base/random.hpp"
#include "sim/platform/node.hpp"

namespace orrery::platform {

/// `failures: {mtbf: 30 d, mttr: 4 h}` or `failures: {trace: failures.csv}` with the columns
/// `node,down_seconds,up_seconds`.
struct FailureConfig {
  std::optional<double> mean_time_between_failures_seconds;  ///< per node, while it is up
  std::optional<double> mean_time_to_repair_seconds;
  std::string trace_path;
};
base::Declaration<FailureConfig> declare(const FailureConfig*);

/// One outage of one node.
struct Outage {
  NodeId node;
  double down_seconds = 0;
  double up_seconds = 0;  ///< infinity: never repaired
};

/// Outages of all nodes in time order, one at a time, without end for the exponential kind: each
/// node draws from a stream of its own, so one node's outages do not depend on another's.
class FailureSource {
 public:
  FailureSource(const FailureConfig& config, const Inventory& inventory, std::uint64_t seed,
                const base::Where& where);
  /// The next outage of `node` after `after_seconds`, or nothing. Asked in increasing time.
  std::optional<Outage> next(NodeId node, double after_seconds);

 private:
  FailureConfig config_;
  std::vector<base::RandomStream> streams_;
  std::vector<std::vector<Outage>> recorded_;  // per node, by time
  std::vector<std::size_t> position_;
};

/// Reads a failure trace. Throws base::Error naming file and row (unknown node, up before down,
/// overlapping outages of one node).
std::vector<Outage> read_outages(const std::string& path, const Inventory& inventory);

}  // namespace orrery::platform
