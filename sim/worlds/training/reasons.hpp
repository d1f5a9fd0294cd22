// The reasons of decisions: the word of each in decisions.csv and the sentences that
// `orrery explain` prints for it, declared together. Nothing else knows a reason by its word.
#pragma once

#include <string_view>

#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// How a reason is told. In a sentence `{other}` is the job in it, `{gpus}` what the job asks for,
/// `{free}` what was free, `{time}` the recorded value as an instant.
struct ReasonText {
  Reason reason = Reason::none;
  std::string_view word;  ///< in decisions.csv
  /// Why something was done: `it runs faster there`; empty: it explains no deed.
  std::string_view done = {};
  /// What `{other}` is where the record names no job.
  std::string_view unnamed = "another job";
  /// Why the job waits; empty: it explains no wait.
  std::string_view waits = {};
  /// What a job that blocks another one waits for itself, behind `job 7 was ahead of it`; empty:
  /// that says all.
  std::string_view blocks = ": that job needed {gpus} while {free}";
};

/// Of a reason.
const ReasonText& text_of(Reason reason);

/// Of a word of decisions.csv; nullptr for none and for one that is not known.
const ReasonText* find_reason(std::string_view word);

}  // namespace orrery::training
