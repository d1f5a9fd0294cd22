#include "models/throughput/throughputs.hpp"

#include <bit>
#include <cassert>
#include <utility>

namespace orrery::models {

namespace {

/// The exponent of a power of two below 2^`limit`; `limit` for every other number.
std::size_t exponent(std::int32_t value, std::size_t limit) {
  const auto bits = static_cast<std::uint32_t>(value);
  if (!std::has_single_bit(bits)) return limit;
  const auto at = static_cast<std::size_t>(std::countr_zero(bits));
  return at < limit ? at : limit;
}

}  // namespace

Throughputs::Throughputs(std::vector<TrainingTask> tasks, std::vector<ThroughputType> types,
                         std::shared_ptr<const ThroughputSource> source)
    : tasks_(std::move(tasks)), types_(std::move(types)), source_(std::move(source)) {
  assert(source_ != nullptr);
  const std::size_t slots = tasks_.size() * types_.size() * kExponents * kExponents;
  flat_.resize(slots);
  known_.resize(slots, 0);
}

const Throughput& Throughputs::fill(Throughput& slot, std::uint8_t& known, TaskId task,
                                    std::size_t type, Locality locality) const {
  slot = source_->of(tasks_[task.index()], types_[type], locality);
  known = 1;
  return slot;
}

const Throughput& Throughputs::of(TaskId task, std::size_t type, Locality locality) const {
  assert(locality.nodes > 0 && locality.gpus_per_node > 0);
  const std::size_t row = task.index() * types_.size() + type;
  const std::size_t nodes = exponent(locality.nodes, kExponents);
  const std::size_t per_node = exponent(locality.gpus_per_node, kExponents);
  if (nodes < kExponents && per_node < kExponents) {
    const std::size_t slot = (row * kExponents + nodes) * kExponents + per_node;
    if (known_[slot] != 0) return flat_[slot];
    return fill(flat_[slot], known_[slot], task, type, locality);
  }
  const auto shape = static_cast<std::uint64_t>(locality.nodes) << 10U |
                     static_cast<std::uint64_t>(locality.gpus_per_node);
  const auto key = static_cast<std::uint64_t>(row) << 32U | shape;
  const auto [found, fresh] = others_.try_emplace(key);
  if (fresh) found->second = source_->of(tasks_[task.index()], types_[type], locality);
  return found->second;
}

}  // namespace orrery::models
