// What pure data parallelism lets a job run on: the profiles that schedulers without adaptive
// parallelism decide on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "models/base/error.hpp"
#include "models/throughput/throughput_source.hpp"

namespace orrery::models {

/// Measured peak memory of each GPU under pure data parallelism, by task and number of GPUs.
class DataParallelMemory {
 public:
  /// Adds a measurement; infinity says that it did not fit or was not run. Throws base::Error at
  /// `where` for a row given twice and for bytes that are NaN, zero or negative.
  void add(const TrainingTask& task, std::int32_t gpus, double peak_bytes,
           const base::Where& where);

  /// Whether the task fits on `gpus` GPUs of that memory: whether on as many or on fewer GPUs a
  /// finite peak was measured with 1.2 x peak <= 0.8 x memory
  /// (docs/systems/crius.md, "Rivals as adapted", read: the two factors; ours: that what fits on
  /// fewer GPUs fits on more, which shrinks each one's share). A task without a finite peak fits
  /// nowhere.
  bool fits(const TrainingTask& task, std::int32_t gpus, double memory_bytes) const;
  std::size_t rows() const { return peaks_.size(); }

 private:
  using Key = std::tuple<std::string, std::int64_t, std::int32_t>;
  std::map<Key, double> peaks_;
};

/// The throughput of another source where data parallelism fits, else none. That the throughput
/// stays that of the best plan is how the Crius artifact does it, whose database has no other
/// (inferred: its published ElasticFlow results come out exactly so).
class DataParallelThroughput final : public ThroughputSource {
 public:
  DataParallelThroughput(std::shared_ptr<const ThroughputSource> source, DataParallelMemory memory)
      : source_(std::move(source)), memory_(std::move(memory)) {}
  Throughput of(const TrainingTask& task, const ThroughputType& type,
                Locality locality) const override;

 private:
  std::shared_ptr<const ThroughputSource> source_;
  DataParallelMemory memory_;
};

}  // namespace orrery::models
