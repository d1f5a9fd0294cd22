// What a job needs of a cluster, shared by all jobs that need the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/base/ids.hpp"
#include "sim/platform/node.hpp"

namespace orrery::training {

struct DemandTag;
using DemandId = base::Id<DemandTag>;

/// Jobs of equal demand fit or fail together, which lets a pass skip the rest of a class.
struct Demand {
  std::int32_t gpus = 1;
  std::int32_t milli = 1000;            ///< share of each GPU
  std::vector<platform::TypeId> types;  ///< allowed, in the order in which they are tried
  bool operator==(const Demand&) const = default;

  /// The same demand on the types that are not `blocked`.
  Demand without(const std::vector<platform::TypeId>& blocked) const {
    Demand open = *this;
    std::erase_if(open.types, [&](platform::TypeId type) {
      return std::find(blocked.begin(), blocked.end(), type) != blocked.end();
    });
    return open;
  }

  /// GPU capacity it takes, in thousandths of a GPU.
  std::int64_t total_milli() const { return std::int64_t{gpus} * milli; }
};

}  // namespace orrery::training
