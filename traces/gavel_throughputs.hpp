// Measured training speeds as Gavel publishes them (Narayanan et al., OSDI 2020).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orrery::traces {

/// The batch written in a job type like `ResNet-18 (batch size 16)`; 0 where there is none. It is
/// the whole job's: measured steps per second grow with the number of GPUs.
std::int64_t gavel_batch(std::string_view job_type);

/// One measurement of a throughputs JSON: a job type alone on so many GPUs of one worker type.
struct GavelRate {
  std::string worker_type;  ///< `v100`, or `v100_unconsolidated`: on different servers
  std::string job_type;
  std::int64_t gpus = 1;
  double steps_per_second = 0;  ///< 0: was tried and cannot run
};
/// Calls `use` for every measurement of a throughputs JSON, plain or gzip:
/// {worker type: {"('job type', gpus)": {"null": steps per second, ...}}}; pairs of jobs that share
/// a GPU are passed over. Throws base::Error for an unreadable file, another layout, a key that
/// stands twice, and rates that are negative.
void for_each_gavel_rate(const std::string& path, const std::function<void(const GavelRate&)>& use);

/// Steps per second of a job type alone on a number of GPUs of one type.
class GavelThroughputs {
 public:
  /// Reads the rates of one worker type. Throws base::Error as `for_each_gavel_rate` does, and for
  /// an unknown GPU type.
  GavelThroughputs(const std::string& path, const std::string& gpu);

  /// nullopt where the pair was not measured.
  std::optional<double> steps_per_second(std::string_view job_type, std::int64_t gpus) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, double, std::less<>> rates_;
};

}  // namespace orrery::traces
