// What a run cost on this machine, as `performance.json` holds it.
#pragma once

#include <cstdint>
#include <string>

namespace orrery::report {

/// Of this machine and this run, never deterministic, kept apart from the summary.
struct Performance {
  static constexpr int kSchemaVersion = 1;
  double wall_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t decisions = 0;
  double decision_mean_seconds = 0, decision_p50_seconds = 0, decision_p99_seconds = 0,
         decision_max_seconds = 0;
};

std::string to_json(const Performance& performance);
/// Throws base::Error naming the file when it is no performance record or of a future version.
Performance read_performance(const std::string& path);

}  // namespace orrery::report
