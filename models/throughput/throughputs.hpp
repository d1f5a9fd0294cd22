// The throughputs of one run: every task on every GPU type, asked once and remembered.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "models/base/ids.hpp"
#include "models/throughput/throughput_source.hpp"

namespace orrery::models {

struct TaskTag;
/// An index into the tasks of a run.
using TaskId = base::Id<TaskTag>;

/// Answers by flat arrays, so that a policy may ask a million times. Not for several threads at
/// once: answers are remembered as they are asked for.
class Throughputs {
 public:
  /// `types` by their index on the platform. The source must not be null.
  Throughputs(std::vector<TrainingTask> tasks, std::vector<ThroughputType> types,
              std::shared_ptr<const ThroughputSource> source);

  std::size_t types() const { return types_.size(); }
  std::size_t tasks() const { return tasks_.size(); }
  std::int32_t node_capacity(std::size_t type) const { return types_[type].gpus_per_node; }
  const TrainingTask& task(TaskId id) const { return tasks_[id.index()]; }
  const ThroughputType& type(std::size_t type) const { return types_[type]; }

  /// The throughput on `nodes` x `gpus_per_node` GPUs of a type. The reference stays valid until
  /// the next question.
  const Throughput& of(TaskId task, std::size_t type, Locality locality) const;
  /// On `gpus` GPUs of a type at their best locality.
  const Throughput& best(TaskId task, std::size_t type, std::int32_t gpus) const {
    return of(task, type, best_locality(gpus, types_[type].gpus_per_node));
  }

 private:
  // Nodes and GPUs per node that are powers of two up to 2^7 live in a flat array.
  static constexpr std::size_t kExponents = 8;
  const Throughput& fill(Throughput& slot, std::uint8_t& known, TaskId task, std::size_t type,
                         Locality locality) const;

  std::vector<TrainingTask> tasks_;
  std::vector<ThroughputType> types_;
  std::shared_ptr<const ThroughputSource> source_;
  mutable std::vector<Throughput> flat_;
  mutable std::vector<std::uint8_t> known_;
  mutable std::unordered_map<std::uint64_t, Throughput> others_;  // looked up only, never walked
};

}  // namespace orrery::models
