// Largest job first: a template for a policy of your own.
//
// Copy it to sim/worlds/training/policies/NAME.cpp, change the names, and build: `orrery list
// policies` shows it, `orrery schema policy` documents its options, and experiments may name it. No
// other file changes.
//
// Read: (what you took from a publication, and which). Ours: everything.
#include <algorithm>

#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/toolkit/draft.hpp"

namespace orrery::policies {
namespace {

using namespace training;

// Options, each declared once; parsing, errors and documentation follow from the declaration.
struct LargestFirstOptions {
  PlacementRule placement = PlacementRule::consolidated;
};

base::Declaration<LargestFirstOptions> declare(const LargestFirstOptions*) {
  base::Declaration<LargestFirstOptions> d("Largest job first.");
  d.choice("placement", &LargestFirstOptions::placement, placement_words(),
           "which GPUs a job gets");
  return d;
}

// A reason of its own: the word in decisions.csv and what `orrery explain` says of it.
const Reason kLargestThatFits =
    add_reason({.name = "largest_that_fits", .done = "it was the largest job that fitted"});

class LargestFirst final : public Policy {
 public:
  explicit LargestFirst(const LargestFirstOptions& options) : options_(options) {}

  // Called at every instant at which something changed, after departures and arrivals.
  Actions decide(const View& view, const Delta& delta) override {
    // Private state follows the Deltas.
    waiting_.insert(waiting_.end(), delta.arrived.begin(), delta.arrived.end());
    waiting_.insert(waiting_.end(), delta.interrupted.begin(), delta.interrupted.end());
    std::stable_sort(waiting_.begin(), waiting_.end(),
                     [&](JobId a, JobId b) { return view.demand(a).gpus > view.demand(b).gpus; });
    // Try placements on a draft of the free GPUs, and say what is to be done.
    Actions actions;
    draft_.begin(*view.free);
    std::erase_if(waiting_, [&](JobId job) {
      auto placement = draft_.place(view.demand(job), options_.placement);
      if (!placement) return false;
      actions.actions.push_back(
          {Action::Kind::start, job, std::move(*placement), kLargestThatFits, {}});
      return true;
    });
    return actions;
  }

 private:
  LargestFirstOptions options_;
  Draft draft_;
  std::vector<JobId> waiting_;
};

// The name used in YAML, one line of help, the publication.
const auto registration = register_policy<LargestFirst, LargestFirstOptions>(
    "largest-first", "the largest job that fits goes first; never preempts", "template");

}  // namespace
}  // namespace orrery::policies
