// Free GPUs to try placements on: the view's own until something is written, a copy from then on.
#pragma once

#include "sim/worlds/training/placement.hpp"

namespace orrery::training {

/// Kept by a policy between passes so that the copy reuses its memory.
class Draft {
 public:
  /// Starts a pass over `base`, which must outlive the pass.
  void begin(const platform::PlacementState& base) {
    base_ = &base;
    copied_ = false;
  }

  const platform::PlacementState& state() const { return copied_ ? copy_ : *base_; }
  platform::PlacementState& writable() {
    if (!copied_) {
      copy_ = *base_;
      copied_ = true;
    }
    return copy_;
  }

  /// Places a demand, taking its GPUs. Copies nothing where the free GPUs cannot suffice.
  std::optional<platform::Placement> place(const Demand& demand, PlacementRule rule) {
    if (!may_fit(demand)) return std::nullopt;
    return training::place(writable(), demand, rule);
  }

  /// False when no allowed type has enough free GPUs, wherever they are.
  bool may_fit(const Demand& demand) const {
    for (const platform::TypeId type : demand.types) {
      if (state().free_gpus(type) >= demand.gpus) return true;
      if (demand.milli < 1000 && state().tightest_shared(type, demand.milli)) return true;
    }
    return false;
  }

 private:
  const platform::PlacementState* base_ = nullptr;
  platform::PlacementState copy_;
  bool copied_ = false;
};

}  // namespace orrery::training
