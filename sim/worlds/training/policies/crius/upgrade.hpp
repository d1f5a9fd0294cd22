// Upgrades: running jobs take free GPUs where that makes them faster.
#pragma once

#include "sim/worlds/training/policies/crius/downgrade.hpp"
#include "sim/worlds/training/policies/crius/state.hpp"

namespace orrery::policies::crius {

/// Read (docs/systems/crius.md, "Upgrade trial"): up to 10 steps; each tries every other type at
/// the same count and twice the count on the same type for every running job, and takes the largest
/// gain.
class UpgradeTrial {
 public:
  explicit UpgradeTrial(State& state) : state_(state) {}
  /// True where anything was upgraded.
  bool run();

 private:
  /// All steps that may gain something, in the order in which ties are decided.
  void list_moves();
  Trial place(const Move& move, std::int32_t budget);

  State& state_;
  std::vector<Move> moves_;
  std::vector<std::uint8_t> tried_;
};

/// Jobs spread over more nodes than they need are placed anew, the largest gain first, as long as
/// one gains (ours; the artifact lets a job exchange places on its own nodes only).
void gather_spread_jobs(State& state);

}  // namespace orrery::policies::crius
