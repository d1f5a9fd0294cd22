// Rows of a trace that became no job, counted by the reason.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace orrery::workloads {

/// Why a well-formed row of a trace is not a job of the workload.
enum class LeftOut : std::uint8_t {
  step,           ///< a part of a job that has a row of its own
  repeated,       ///< the same run of the same job once more
  never_started,  ///< withdrawn or still waiting: it never held a device
  still_running,  ///< had not ended when the trace was written
  no_gpu,         ///< holds no GPU
  unknown_share,  ///< holds a part of a GPU, and the trace does not say how large a part
  unknown_work,   ///< its run time or size is not known
  other_part,     ///< of another trace in the same file
};
inline constexpr std::size_t kLeftOutReasons = 8;

/// How a reason is written: as the key of figures, and as words for people.
struct LeftOutName {
  LeftOut reason;
  std::string_view key;    ///< `never_started`
  std::string_view words;  ///< "jobs that never started"
  bool held_gpus;          ///< its rows can hold GPUs for a time: their hours are counted
};
/// All reasons, in the order of the enum.
const std::array<LeftOutName, kLeftOutReasons>& left_out_names();

/// Rows and the GPU hours that they held, by reason.
class LeftOutCounts {
 public:
  struct Count {
    std::uint64_t rows = 0;
    double gpu_hours = 0;
  };

  /// One row more; `gpu_hours` where it held GPUs, 0 where it did not.
  void add(LeftOut reason, double gpu_hours = 0);
  const Count& of(LeftOut reason) const { return counts_[static_cast<std::size_t>(reason)]; }
  std::uint64_t rows() const;

 private:
  std::array<Count, kLeftOutReasons> counts_{};
};

}  // namespace orrery::workloads
