// How the Crius artifact's Gavel and Sia take jobs in: one after the other, each by a program over
// the believed allocation of all admitted jobs.
//
// Read (Crius artifact, the schedulers of its baselines): a pass first tries the waiting jobs, in
// order of their arrival and only where some job has ended, and then each that has just come, be
// others waiting or not. A trial solves a program over the admitted jobs and the tried one; its
// solution becomes the believed allocation. Then the jobs whose believed type has changed leave
// their GPUs and are placed, in order of admission and the tried one last: on the nodes with the
// most free GPUs, at the best locality, else at ones with half the GPUs on a node as long as they
// are known to run. If one finds no place, nothing moves and the tried job waits; but the belief
// stays, so that it and the world part. A job that runs on no type at all is forgotten. Ours: the
// form. Under outages, which the artifact does not know (ours): the GPUs tried are those of nodes
// that are up; when a node fails, what is believed of the admitted jobs is what they hold, so that
// the programs fit those GPUs; waiting jobs are tried again also when a node fails or comes back.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/worlds/training/toolkit/configuration.hpp"

namespace orrery::policies {

/// A job that was admitted, and what the program last gave it.
struct AdmittedJob {
  training::JobId job;
  training::Configuration believed;
};

/// What a program's value is where a job cannot run: so low that no solution takes it.
inline constexpr double kCannotRun = -1e9;

/// One for each admitted job, in their order, and the last for the job that is tried.
using Allocation = std::vector<training::Configuration>;

class Admissions : public training::Policy {
 public:
  training::Actions decide(const training::View& view, const training::Delta& delta) override;

 protected:
  /// What the program gives; nothing where it does not admit `tried`.
  virtual std::optional<Allocation> allocate(const training::View& view, training::JobId tried) = 0;
  /// Whether a job can be placed so.
  virtual bool may_run(const training::View& view, training::JobId job, platform::TypeId type,
                       models::Locality locality, bool arrival) const = 0;
  /// Whether a waiting job that was not taken in holds up those behind it that ask for its type.
  virtual bool blocks() const = 0;
  /// How many GPUs an admitted job that changes its type is placed on.
  virtual std::int32_t moved_gpus(const training::Configuration& before,
                                  const training::Configuration& after) const = 0;

  const std::vector<AdmittedJob>& admitted() const { return admitted_; }

 private:
  void begin(const training::View& view, const training::Delta& delta);
  bool take_in(const training::View& view, training::JobId job, bool arrival);
  bool place_one(const training::View& view, training::JobId job, training::Configuration at,
                 bool arrival, platform::PlacementState& free,
                 platform::Placement& placement) const;
  void try_waiting(const training::View& view, training::Actions& actions);
  void act(const training::View& view, training::Actions& actions) const;

  std::vector<AdmittedJob> admitted_;
  std::vector<training::JobId> waiting_;
  // Of the pass in hand.
  platform::PlacementState free_;
  std::map<training::JobId, platform::Placement> placed_;
  std::vector<training::JobId> started_;
};

/// Whether a job may run on a type: any, or under `gpu_types: binding`, and where it is given as a
/// plain duration, those it asks for.
bool may_use(const training::View& view, training::JobId job, platform::TypeId type);

/// Whether a job runs with its best plan on some type that it may use, on the GPUs it asks for.
bool runs_somewhere(const training::View& view, training::JobId job);

}  // namespace orrery::policies
