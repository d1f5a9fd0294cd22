#include "sim/worlds/training/reasons.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace orrery::training {

namespace {

constexpr std::array kReasons = {
    ReasonText{.reason = Reason::none, .word = "none"},
    ReasonText{.reason = Reason::queue_order,
               .word = "queue_order",
               .done = "its turn had come and it fitted"},
    ReasonText{.reason = Reason::skipped_ahead,
               .word = "skipped_ahead",
               .done = "it fitted where jobs ahead of it did not"},
    ReasonText{.reason = Reason::backfilled,
               .word = "backfilled",
               .done = "it fitted without delaying the reserved start of {other}",
               .unnamed = "the job at the head of the queue"},
    ReasonText{.reason = Reason::shorter_remaining,
               .word = "shorter_remaining",
               .done = "{other} had less work left"},
    ReasonText{.reason = Reason::less_service,
               .word = "less_service",
               .done = "{other} had received less service"},
    ReasonText{.reason = Reason::not_enough_gpus,
               .word = "not_enough_gpus",
               .waits = "it needed {gpus} while {free}",
               .blocks = " and needed {gpus} while {free}"},
    ReasonText{
        .reason = Reason::fragmented,
        .word = "fragmented",
        .waits = "it needed {gpus}, and {free}, but not where its placement needs them",
        .blocks = ": that job needed {gpus}, and {free}, but not where its placement needs them"},
    ReasonText{.reason = Reason::behind,
               .word = "behind",
               .waits = "{other} was ahead of it",
               .blocks = {}},
    ReasonText{.reason = Reason::reserved,
               .word = "reserved",
               .waits = "it was first in the queue, its start reserved at {time}",
               .blocks = ": that job had its start reserved at {time}"},
    ReasonText{.reason = Reason::node_failure, .word = "node_failure"},
    ReasonText{.reason = Reason::cannot_run,
               .word = "cannot_run",
               .done = "no GPU that it may use can run it",
               .waits = "no GPU that it may use can run it"},
    ReasonText{.reason = Reason::deadline_missed,
               .word = "deadline_missed",
               .done = "its deadline could no longer be met"},
    ReasonText{.reason = Reason::upgraded, .word = "upgraded", .done = "it runs faster there"},
    ReasonText{
        .reason = Reason::made_room, .word = "made_room", .done = "room was made for {other}"},
    ReasonText{.reason = Reason::opportunistic,
               .word = "opportunistic",
               .done = "it fitted while {other} before it did not; it gives way when that one fits",
               .unnamed = "a job"},
    ReasonText{.reason = Reason::suspended,
               .word = "suspended",
               .done = "it ran before its turn, and {other}, which is before it, fits now",
               .unnamed = "a job"},
    ReasonText{.reason = Reason::nodes_down,
               .word = "nodes_down",
               .waits = "it needed {gpus}, which the nodes that were up could not give it"}};

/// A reason is found by its number.
constexpr bool in_order() {
  for (std::size_t i = 0; i < kReasons.size(); ++i)
    if (kReasons[i].reason != static_cast<Reason>(i)) return false;
  return true;
}
static_assert(in_order());

}  // namespace

const ReasonText& text_of(Reason reason) {
  assert(static_cast<std::size_t>(reason) < kReasons.size());
  return kReasons[static_cast<std::size_t>(reason)];
}

const ReasonText* find_reason(std::string_view word) {
  const auto found = std::ranges::find(kReasons, word, &ReasonText::word);
  return found == kReasons.end() || found->reason == Reason::none ? nullptr : &*found;
}

std::string_view to_string(Reason reason) {
  return text_of(reason).word;
}

}  // namespace orrery::training
