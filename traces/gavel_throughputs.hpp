// Measured training speeds as Gavel publishes them (Narayanan et al., OSDI 2020).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orrery::traces {

/// Steps per second of a job type alone on a number of GPUs of one type.
class GavelThroughputs {
 public:
  /// Reads a throughputs JSON: {gpu: {"('job type', gpus)": {"null": steps per second, ...}}}.
  /// Throws Error for an unreadable file, another layout or an unknown GPU type.
  GavelThroughputs(const std::string& path, const std::string& gpu);

  /// nullopt where the pair was not measured.
  std::optional<double> steps_per_second(std::string_view job_type, std::int64_t gpus) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, double, std::less<>> rates_;
};

}  // namespace orrery::traces
