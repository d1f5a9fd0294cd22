// Which job owns which GPU, with an undo log: the state that Crius's searches change and take back.
//
// Every change is one `Change` (GPUs of one node pass from one owner to another) and is written to
// the log, so a branch of a search costs what it changed: `mark`, try, `rollback`. A candidate is a
// list of changes that can be replayed. Nothing is ever copied whole.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "models/throughput/locality.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::policies::crius {

using models::Locality;
using platform::TypeId;
using training::JobId;
using training::View;

/// GPUs of one node that one job owns; bit i of `slots` is GPU i.
struct Piece {
  std::uint32_t node = 0;
  std::uint64_t slots = 0;
  bool operator==(const Piece&) const = default;
};

/// Who owns a slot: a job, nobody, or nobody with a job to whom it was lent (see `lend`).
class Owner {
 public:
  static constexpr Owner nobody() { return Owner(-1); }
  static constexpr Owner job(JobId id) { return Owner(static_cast<std::int32_t>(id.index())); }
  static constexpr Owner lender(JobId id) {
    return Owner(-2 - static_cast<std::int32_t>(id.index()));
  }
  constexpr bool is_job() const { return value_ >= 0; }
  constexpr bool is_lender() const { return value_ <= -2; }
  JobId id() const { return JobId(static_cast<std::size_t>(value_ >= 0 ? value_ : -2 - value_)); }
  constexpr bool operator==(const Owner&) const = default;
  constexpr std::uint32_t bits() const { return static_cast<std::uint32_t>(value_); }

 private:
  explicit constexpr Owner(std::int32_t value) : value_(value) {}
  std::int32_t value_;
};

/// GPUs of one node that pass from one owner to another.
struct Change {
  std::uint32_t node;
  Owner from;
  Owner to;
  std::uint64_t slots;
};

class SlotMap {
 public:
  /// The cluster as the view shows it; the log is empty. Nodes that are down own nothing and are
  /// never free. Memory is reused.
  void load(const View& view);

  std::size_t types() const { return types_.size(); }
  std::uint32_t type_of_node(std::uint32_t node) const { return nodes_[node].type; }
  std::int32_t gpus_of_node(std::uint32_t node) const { return nodes_[node].gpus; }
  /// Most GPUs on one node of the type.
  std::int32_t capacity(std::size_t type) const { return types_[type].capacity; }
  /// Nodes of the type that are up, in index order.
  std::span<const std::uint32_t> nodes_of(std::size_t type) const { return types_[type].nodes; }
  std::int32_t free_gpus(std::size_t type) const { return types_[type].free_gpus; }
  std::int32_t free_on(std::uint32_t node) const { return nodes_[node].free_gpus; }
  std::uint64_t free_slots(std::uint32_t node) const { return nodes_[node].free; }
  std::uint64_t used_slots(std::uint32_t node) const {
    return nodes_[node].all & ~nodes_[node].free;
  }
  Owner owner(std::uint32_t node, int slot) const {
    return owners_[nodes_[node].first_slot + static_cast<std::size_t>(slot)];
  }

  /// What a job owns, by node index; what it lent is not counted.
  std::span<const Piece> pieces(JobId job) const { return pieces_[job.index()]; }
  bool runs(JobId job) const { return !pieces_[job.index()].empty(); }
  std::int32_t gpus_of(JobId job) const { return gpus_[job.index()]; }
  std::uint64_t slots_on(JobId job, std::uint32_t node) const;
  /// Of a job that owns GPUs; uneven shares count as the smallest one everywhere.
  Locality locality(JobId job) const;
  std::size_t type_of(JobId job) const { return nodes_[pieces(job).front().node].type; }
  /// Jobs with GPUs on nodes of the type, in the order of their first GPU (node, then slot).
  void jobs_on(std::size_t type, std::vector<JobId>& jobs) const;

  /// Nodes all of whose GPUs are free and that have at least `gpus`, in index order, up to `most`.
  void idle_nodes(std::size_t type, std::int32_t gpus, std::size_t most,
                  std::vector<std::uint32_t>& nodes) const;
  /// Nodes some of whose GPUs are free, most free first, then by index; cut behind the first prefix
  /// with `gpus` free in all.
  void partial_nodes(std::size_t type, std::int32_t gpus, std::vector<std::uint32_t>& nodes) const;

  /// Gives a job the lowest `gpus` free slots of a node.
  void take_lowest(std::uint32_t node, std::int32_t gpus, JobId job);
  /// Gives a job free slots of a node.
  void take(std::uint32_t node, std::uint64_t slots, JobId job);
  void release(std::uint32_t node, std::uint64_t slots, JobId job);
  void release_all(JobId job);
  /// A job's GPUs count as free, but remember their owner until another job takes them.
  void lend_all(JobId job);
  /// Which of `slots` are still lent by `job`.
  std::uint64_t still_lent(std::uint32_t node, std::uint64_t slots, JobId job) const;
  /// Lent slots go back to their lender, or are nobody's from now on.
  void return_lent(std::uint32_t node, std::uint64_t slots, JobId job);
  void forget_lent(std::uint32_t node, std::uint64_t slots, JobId job);
  /// Exchanges all that two nodes of equal size hold, slot by slot.
  void exchange(std::uint32_t a, std::uint32_t b);

  std::size_t mark() const { return log_.size(); }
  std::span<const Change> since(std::size_t mark) const { return std::span(log_).subspan(mark); }
  void rollback(std::size_t mark);
  void replay(std::span<const Change> changes);
  /// A job's pieces as they were at a mark.
  void pieces_at(std::size_t mark, JobId job, std::vector<Piece>& pieces) const;
  /// Equal states have equal hashes; unequal ones differ but for chance.
  std::uint64_t hash() const { return hash_; }

 private:
  struct Node {
    std::uint64_t all = 0;  // every slot; 0 when down
    std::uint64_t free = 0;
    std::uint64_t lent = 0;  // free, with an owner to return to
    std::size_t first_slot = 0;
    std::uint32_t type = 0;
    std::uint32_t index_in_type = 0;
    std::int32_t gpus = 0;
    std::int32_t free_gpus = 0;
  };
  struct Type {
    std::vector<std::uint32_t> nodes;
    std::int32_t capacity = 0;
    std::int32_t free_gpus = 0;
    std::size_t words = 0;
    std::vector<std::uint64_t> idle;     // bit per node of the type
    std::vector<std::uint64_t> partial;  // words per count of free GPUs
  };

  void load_nodes(const View& view);
  void file(const Node& node, bool in);
  void change(std::uint32_t node, Owner from, Owner to, std::uint64_t slots);
  void apply(const Change& change);
  void add_piece(std::uint32_t node, std::uint64_t slots, JobId job);
  void remove_piece(std::uint32_t node, std::uint64_t slots, JobId job);

  std::vector<Node> nodes_;
  std::vector<Type> types_;
  std::vector<Owner> owners_;
  std::vector<std::vector<Piece>> pieces_;  // by JobId
  std::vector<std::int32_t> gpus_;          // by JobId: of all its pieces
  std::vector<JobId> loaded_;               // jobs whose pieces may not be empty
  std::vector<Change> log_;
  std::uint64_t hash_ = 0;
};

}  // namespace orrery::policies::crius
