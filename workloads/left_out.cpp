#include "workloads/left_out.hpp"

namespace orrery::workloads {

const std::array<LeftOutName, kLeftOutReasons>& left_out_names() {
  static constexpr std::array<LeftOutName, kLeftOutReasons> kNames{{
      {LeftOut::step, "steps", "steps of jobs that have a row of their own", false},
      {LeftOut::repeated, "repeated", "runs that stand there twice", false},
      {LeftOut::never_started, "never_started", "jobs that never started", false},
      {LeftOut::still_running, "still_running", "jobs that had not ended", true},
      {LeftOut::no_gpu, "no_gpu", "jobs without GPUs", false},
      {LeftOut::unknown_share, "unknown_share", "jobs on a part of a GPU of unknown size", false},
      {LeftOut::unknown_work, "unknown_work", "jobs of unknown length or size", false},
      {LeftOut::other_part, "other_part", "rows of other parts of the file", false},
  }};
  return kNames;
}

void LeftOutCounts::add(LeftOut reason, double gpu_hours) {
  Count& count = counts_[static_cast<std::size_t>(reason)];
  ++count.rows;
  count.gpu_hours += gpu_hours;
}

std::uint64_t LeftOutCounts::rows() const {
  std::uint64_t rows = 0;
  for (const Count& count : counts_) rows += count.rows;
  return rows;
}

}  // namespace orrery::workloads
