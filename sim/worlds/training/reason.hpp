// Why something was done with a job, or why it waits: a word in decisions.csv and the sentences
// that `orrery explain` prints for it, declared together. A policy declares the reasons that it
// alone has in its own file; those below are of several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::training {

/// How a reason is told. In a sentence `{other}` is the job in it, `{gpus}` what the job asks for,
/// `{free}` what was free, `{time}` the recorded value as an instant.
struct ReasonText {
  std::string name;  ///< the word in decisions.csv
  /// Why something was done: `it runs faster there`; empty: it explains no deed.
  std::string_view done = {};
  /// What `{other}` is where the record names no job.
  std::string_view unnamed = "another job";
  /// Why the job waits; empty: it explains no wait.
  std::string_view waits = {};
  /// What a job that blocks another one waits for itself, behind `job 7 was ahead of it`; empty:
  /// that says all.
  std::string_view blocks = ": that job needed {gpus} while {free}";
  /// Whether the value recorded with it is an instant, in seconds.
  bool value_is_time = false;
};

/// A reason, or none. Two are equal that have the same word.
class Reason {
 public:
  constexpr Reason() = default;
  explicit constexpr Reason(const ReasonText* text) : text_(text) {}

  bool is_none() const { return text_ == nullptr; }
  /// Empty for none.
  std::string_view word() const;
  /// Empty sentences for none.
  const ReasonText& text() const;
  bool operator==(const Reason&) const = default;

  static const Reason none;
  static const Reason queue_order;      ///< its turn came and it fitted
  static const Reason skipped_ahead;    ///< jobs before it did not fit; it did
  static const Reason not_enough_gpus;  ///< waits: fewer GPUs are free than it asks for
  static const Reason fragmented;       ///< waits: enough are free, but not where it needs them
  static const Reason behind;           ///< waits: `because_of` is before it and blocks the queue
  static const Reason passed_over;      ///< waits: enough are free, and its policy lets it wait
  static const Reason next_round;       ///< waits: nothing is decided until the next round
  static const Reason nodes_down;       ///< waits: too much for all nodes that are up
  static const Reason node_failure;     ///< interrupted: a node it ran on failed
  static const Reason cannot_run;       ///< waits or dropped: no throughput on what it may use
  static const Reason deadline_missed;  ///< dropped: its deadline can no longer be met
  static const Reason upgraded;         ///< moved or resized to run faster
  static const Reason made_room;        ///< moved, resized or preempted so that `because_of` fits

 private:
  const ReasonText* text_ = nullptr;
};

inline constexpr Reason Reason::none{};

/// Makes a reason known. Throws std::logic_error where its word is empty or taken.
Reason add_reason(ReasonText text);

/// Of a word of decisions.csv; none for one that is not known.
Reason find_reason(std::string_view word);

/// All that are known, by their words.
std::vector<Reason> all_reasons();

}  // namespace orrery::training
