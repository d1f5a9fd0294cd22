// Measured times of collectives, with the interpolation that Crius uses.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/training/collectives.hpp"

namespace orrery::models {

/// What one curve of a table was measured on: groups of `ranks` GPUs, `stride` apart, all groups
/// of the allocation at once.
struct CollectiveKey {
  CollectiveOp op = CollectiveOp::all_reduce;
  int nodes = 1;
  int gpus_per_node = 1;
  int ranks = 2;
  int stride = 1;

  auto operator<=>(const CollectiveKey&) const = default;
};

/// One sample of a curve.
struct CollectiveSample {
  double bytes = 0;
  double seconds = 0;
};

/// The measured curves of one GPU type on one fabric.
class CollectiveTable {
 public:
  /// Adds a sample; samples of one key may come in any order. False, and nothing added, where this
  /// key already holds these bytes: a duplicate, for the reader to report.
  bool add(const CollectiveKey& key, CollectiveSample sample);

  /// Seconds for `bytes`, nullopt where the key was not measured. Rules of the Crius artifact
  /// (docs/systems/crius.md, "Collective tables"): below the smallest sample its time; between
  /// samples linear; beyond the largest S_max the buffer is split and
  /// T = (floor(S/S_max) T_max + T(S mod S_max)) * 1.1^floor(S/S_max), the factor only where
  /// S_max >= 2^29 bytes (2^27 elements of float32).
  std::optional<double> seconds(const CollectiveKey& key, double bytes) const;

  /// Seconds for a group of that shape: its own curve, else the curve of the same group measured
  /// in a smaller allocation of the same nodes spanned; nullopt where there is neither.
  std::optional<double> seconds(CollectiveOp op, const GroupShape& group, double bytes) const;

  /// The link that the measured all-reduces show, in one node or across nodes: of the curves whose
  /// one group is the whole allocation, the one on the fewest nodes (above one) and, among those,
  /// with the most ranks. nullopt where there is none.
  std::optional<LinkCosts> link(bool across_nodes) const;

  bool empty() const { return curves_.empty(); }
  std::size_t curves() const { return curves_.size(); }

 private:
  std::map<CollectiveKey, std::vector<CollectiveSample>> curves_;  // sorted by bytes
};

/// The tables of several GPU types and fabrics, as a reader fills them.
class CollectiveTables {
 public:
  /// The table of a GPU type (name of the catalog) on a fabric (`default`, `ib`), made where
  /// absent.
  CollectiveTable& at(std::string_view gpu_type, std::string_view fabric);
  /// nullptr where nothing was measured. Tables stay where they are while this object lives.
  const CollectiveTable* find(std::string_view gpu_type, std::string_view fabric) const;
  std::size_t size() const { return tables_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, CollectiveTable> tables_;
};

}  // namespace orrery::models
