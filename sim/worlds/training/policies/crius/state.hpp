// What one decision works on: the cluster as it will be, who runs, who waits, and why things moved.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/worlds/training/policies/crius/decision_queue.hpp"
#include "sim/worlds/training/policies/crius/options.hpp"
#include "sim/worlds/training/policies/crius/placement_trial.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"

namespace orrery::policies::crius {

using training::Reason;

/// Iterations of bubble migration that one pass may spend
/// (docs/systems/crius.md, "Bubble migration": read).
constexpr std::int32_t kMigrationBudget = 4096;

struct State {
  explicit State(const Options& the_options) : options(the_options) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Options options;
  SlotMap slots;
  Estimates estimates;
  Counts counts;
  PlacementTrial trial{slots, estimates, counts};
  DecisionQueue queue;                           ///< kept between decisions
  std::vector<std::optional<Request>> re_asked;  ///< by JobId; kept between decisions
  training::Outages outages;                     ///< kept between decisions
  /// What asks for the same fits on the nodes that are up, or does not, until those change.
  struct Ask {
    std::size_t task, demand, type;
    std::int32_t gpus;
    auto operator<=>(const Ask&) const = default;
  };
  std::map<Ask, bool> set_aside;

  const View* view = nullptr;
  std::vector<JobId> running;  ///< in order of their (re)start
  struct Cause {
    Reason reason = Reason::none;
    JobId because_of;
  };
  std::vector<Cause> cause;  ///< by JobId: why its allocation last changed in this decision
  std::vector<std::uint8_t> suspended;  ///< by JobId: in this decision
  training::Actions actions;            ///< drops and waits; the rest is added at the end

  void begin(const View& the_view, const training::Delta& delta);
  bool as_the_artifact() const { return options.search == Search::arena; }
  /// The first type asked for, or while nodes are down the first that has enough GPUs up.
  TypeId type_asked(const training::Demand& demand) const;
  /// What a pending job is first tried on; nullopt: it can run nowhere.
  std::optional<Request> request(JobId job) const;
  /// Every job whose GPUs changed since the mark: `subject` for its own reason, others to make
  /// room.
  void note_changes(std::size_t mark, JobId subject, Reason reason, JobId because_of = {});
  void wait(JobId job, JobId because_of = {});
  void drop(JobId job, Reason reason);
};

}  // namespace orrery::policies::crius
