#include "models/training/collective_table.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::models {

namespace {

constexpr double kHighBandwidthBytes = 536870912;  // 2^27 elements of float32
constexpr double kSplitPenalty = 1.1;              // per full part of a split buffer

/// Between the samples of a curve, and at both of its ends.
double inside(const std::vector<CollectiveSample>& curve, double bytes) {
  if (bytes <= curve.front().bytes) return curve.front().seconds;
  const auto above =
      std::lower_bound(curve.begin(), curve.end(), bytes,
                       [](const CollectiveSample& s, double b) { return s.bytes < b; });
  const auto below = above - 1;
  const double part = (bytes - below->bytes) / (above->bytes - below->bytes);
  return below->seconds + part * (above->seconds - below->seconds);
}

}  // namespace

bool CollectiveTable::add(const CollectiveKey& key, CollectiveSample sample) {
  std::vector<CollectiveSample>& curve = curves_[key];
  const auto at = std::lower_bound(curve.begin(), curve.end(), sample.bytes,
                                   [](const CollectiveSample& s, double b) { return s.bytes < b; });
  if (at != curve.end() && at->bytes == sample.bytes) return false;
  curve.insert(at, sample);
  return true;
}

std::optional<double> CollectiveTable::seconds(const CollectiveKey& key, double bytes) const {
  const auto found = curves_.find(key);
  if (found == curves_.end()) return std::nullopt;
  const std::vector<CollectiveSample>& curve = found->second;
  const CollectiveSample& largest = curve.back();
  if (bytes <= largest.bytes) return inside(curve, bytes);
  const double parts = std::floor(bytes / largest.bytes);
  const double rest = bytes - parts * largest.bytes;
  const double split = parts * largest.seconds + (rest > 0 ? inside(curve, rest) : 0);
  // Multiplied one by one, so that the last bit is the same with every C library.
  double penalty = 1;
  if (largest.bytes >= kHighBandwidthBytes)
    for (double part = 0; part < parts && part < 64; ++part) penalty *= kSplitPenalty;
  return split * penalty;
}

std::optional<double> CollectiveTable::seconds(CollectiveOp op, const GroupShape& group,
                                               double bytes) const {
  if (curves_.empty()) return std::nullopt;
  CollectiveKey key{op, group.allocation_nodes, group.allocation_gpus_per_node, group.ranks,
                    group.stride};
  if (const auto own = seconds(key, bytes)) return own;
  key.nodes = group.nodes;
  if (const auto fewer_nodes = seconds(key, bytes)) return fewer_nodes;
  key.gpus_per_node = group.ranks_per_node();
  key.stride = 1;
  return seconds(key, bytes);
}

std::optional<LinkCosts> CollectiveTable::link(bool across_nodes) const {
  const std::pair<const CollectiveKey, std::vector<CollectiveSample>>* best = nullptr;
  for (const auto& curve : curves_) {
    const CollectiveKey& key = curve.first;
    if (key.op != CollectiveOp::all_reduce || key.stride != 1) continue;
    if (key.ranks != key.nodes * key.gpus_per_node || (key.nodes > 1) != across_nodes) continue;
    // Keys come sorted by nodes, then by GPUs per node, so that a later one has more ranks.
    if (best == nullptr || key.nodes == best->first.nodes) best = &curve;
  }
  if (best == nullptr) return std::nullopt;
  const double k = best->first.ranks;
  const CollectiveSample& smallest = best->second.front();
  const CollectiveSample& largest = best->second.back();
  return LinkCosts{smallest.seconds / (2 * (k - 1)),
                   2 * (k - 1) / k * largest.bytes / largest.seconds};
}

CollectiveTable& CollectiveTables::at(std::string_view gpu_type, std::string_view fabric) {
  return tables_[{std::string(gpu_type), std::string(fabric)}];
}

const CollectiveTable* CollectiveTables::find(std::string_view gpu_type,
                                              std::string_view fabric) const {
  const auto found = tables_.find({std::string(gpu_type), std::string(fabric)});
  return found == tables_.end() ? nullptr : &found->second;
}

}  // namespace orrery::models
