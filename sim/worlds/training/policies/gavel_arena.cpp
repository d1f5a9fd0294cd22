// Gavel as the Crius artifact adapts it: the type of each job by a 0/1 program at each admission.
//
// Published: see gavel.cpp. The artifact leaves out its shares of time and its fairness.
// Read (Crius artifact, its Gavel scheduler; how jobs are tried and placed: admissions.hpp): GPU
// counts never change. The program gives each admitted job and the tried one just one type, within
// the GPUs of each type, so that the sum of their samples per second at the best locality is
// largest; at most three admitted jobs change their type. Where a job does not fit by the memory of
// data parallelism it counts with -1e9, so that the program may admit what the memory forbids.
// Inferred (published rounds of PAI and Philly: a moe__10B that data parallelism fits nowhere runs
// on 8 A100 from its arrival): the published runs had the artifact's switch to schedule on optimal
// plans set, with which placing does not look at that memory and a waiting job holds up no other.
// Ours: a job that may use some types only (`gpu_types: binding`) counts -1e9 on the others and is
// not placed there; with three changes at most there are few ways, so the program is not given to a
// solver but searched through; among equals the fewest changes and the first type. Which of several
// types a job takes that all count -1e9 is the artifact's solver's affair (CPLEX); inferred and not
// tried: as its default is to stop within 1e-4 of the best, 1e5 samples per second beside such a
// job, so may be what follows. Memory fits on a count where it fits on fewer GPUs (read: each count
// has its own measurement or does not fit).
#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "sim/worlds/training/policies/arena_rivals/admissions.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using platform::TypeId;

struct GavelArenaOptions {
  std::int32_t type_changes = 3;
};
base::Declaration<GavelArenaOptions> declare(const GavelArenaOptions*) {
  base::Declaration<GavelArenaOptions> d("Gavel as in the Crius artifact.");
  d.integer("type_changes", &GavelArenaOptions::type_changes,
            "most admitted jobs whose type one admission changes")
      .at_least(0)
      .at_most(4);
  return d;
}

/// An admitted job on another type.
struct Move {
  double gain;
  std::size_t member;
  std::size_t from;
  std::size_t to;
  std::int32_t gpus;
};

/// The best way to take one more job in.
class Search {
 public:
  Search(std::vector<Move> moves, std::vector<std::int64_t> left, std::vector<double> values,
         std::int32_t gpus)
      : moves_(std::move(moves)), left_(std::move(left)), values_(std::move(values)), gpus_(gpus) {}

  /// The type of the tried job (types(): no way) and, in `moves`, what goes with it.
  std::size_t run(std::int32_t most) {
    for (std::int32_t n = 0; n <= most; ++n) {
      chosen_.clear();
      choose(0, n, 0);
    }
    return best_type_;
  }
  const std::vector<Move>& moves() const { return best_moves_; }
  std::size_t types() const { return left_.size(); }

 private:
  void choose(std::size_t first, std::int32_t more, double gain) {
    if (more == 0) {
      close(gain);
      return;
    }
    for (std::size_t m = first; m < moves_.size(); ++m) {
      const Move& move = moves_[m];
      // Moves stand by falling gain: nothing better comes.
      if (gain + more * move.gain + most_value() <= best_) return;
      if (std::ranges::any_of(chosen_, [&](const Move& c) { return c.member == move.member; }))
        continue;
      chosen_.push_back(move);
      left_[move.from] += move.gpus;
      left_[move.to] -= move.gpus;
      choose(m + 1, more - 1, gain + move.gain);
      left_[move.from] -= move.gpus;
      left_[move.to] += move.gpus;
      chosen_.pop_back();
    }
  }

  void close(double gain) {
    for (std::size_t type = 0; type < left_.size(); ++type) {
      if (gain + values_[type] <= best_) continue;
      left_[type] -= gpus_;
      if (std::ranges::all_of(left_, [](std::int64_t left) { return left >= 0; })) {
        best_ = gain + values_[type];
        best_type_ = type;
        best_moves_ = chosen_;
      }
      left_[type] += gpus_;
    }
  }

  double most_value() const { return *std::ranges::max_element(values_); }

  std::vector<Move> moves_;
  std::vector<std::int64_t> left_;
  std::vector<double> values_;
  std::int32_t gpus_;
  std::vector<Move> chosen_;
  double best_ = -std::numeric_limits<double>::infinity();
  std::size_t best_type_ = left_.size();
  std::vector<Move> best_moves_;
};

class GavelArena final : public Admissions {
 public:
  explicit GavelArena(const GavelArenaOptions& options) : options_(options) {}

 protected:
  std::optional<Allocation> allocate(const View& view, JobId tried) override {
    const std::size_t types = view.free->types();
    const std::int32_t gpus = view.demand(tried).gpus;
    std::vector<std::int64_t> left;
    for (std::size_t type = 0; type < types; ++type)
      left.push_back(view.free->up_gpus(TypeId(type)));
    Allocation allocation;
    for (const AdmittedJob& a : admitted()) {
      left[a.believed.type.index()] -= a.believed.gpus;
      allocation.push_back(a.believed);
    }
    std::int64_t all = 0;
    for (const std::int64_t n : left) all += n;
    if (all < gpus) return std::nullopt;
    Search search(useful_moves(view), left, values(view, tried, gpus), gpus);
    const std::size_t type = search.run(options_.type_changes);
    if (type == types) return std::nullopt;
    for (const Move& move : search.moves()) allocation[move.member].type = TypeId(move.to);
    allocation.push_back({TypeId(type), gpus});
    return allocation;
  }

  bool may_run(const View& view, JobId job, TypeId type, models::Locality locality,
               bool) const override {
    return view.best_plan->of(view.task(job), type.index(), locality).feasible();
  }
  bool blocks() const override { return false; }
  std::int32_t moved_gpus(const Configuration& before, const Configuration&) const override {
    return before.gpus;
  }

 private:
  static std::vector<double> values(const View& view, JobId job, std::int32_t gpus) {
    std::vector<double> values;
    for (std::size_t type = 0; type < view.free->types(); ++type) {
      const double throughput = may_use(view, job, TypeId(type))
                                    ? believed_throughput(view, job, {TypeId(type), gpus})
                                    : 0;
      values.push_back(throughput > 0 ? throughput : kCannotRun);
    }
    return values;
  }

  /// Of the moves between two types of jobs of a size only as many of the best as a way can hold.
  std::vector<Move> useful_moves(const View& view) const {
    std::map<std::array<std::size_t, 3>, std::vector<Move>> alike;
    for (std::size_t m = 0; m < admitted().size(); ++m) {
      const Configuration& at = admitted()[m].believed;
      const std::vector<double> value = values(view, admitted()[m].job, at.gpus);
      const std::size_t from = at.type.index();
      for (std::size_t to = 0; to < value.size(); ++to)
        if (to != from)
          alike[{from, to, static_cast<std::size_t>(at.gpus)}].push_back(
              {value[to] - value[from], m, from, to, at.gpus});
    }
    const auto better = [](const Move& a, const Move& b) { return a.gain > b.gain; };
    std::vector<Move> moves;
    for (auto& [key, group] : alike) {
      std::stable_sort(group.begin(), group.end(), better);
      group.resize(std::min(group.size(), static_cast<std::size_t>(options_.type_changes)));
      moves.insert(moves.end(), group.begin(), group.end());
    }
    std::stable_sort(moves.begin(), moves.end(), better);
    return moves;
  }

  GavelArenaOptions options_;
};

const auto gavel_arena_registration = register_policy<GavelArena, GavelArenaOptions>(
    "gavel-arena", "a GPU type for each job by a 0/1 program at each admission; changes types",
    "Narayanan et al., Gavel, OSDI'20; as adapted by the Crius artifact",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
