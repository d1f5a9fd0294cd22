#include "sim/worlds/training/reason.hpp"

#include <utility>

#include "models/base/registry.hpp"

namespace orrery::training {

namespace {

base::Registry<ReasonText>& reasons() {
  static base::Registry<ReasonText> all("reason");
  return all;
}

}  // namespace

const Reason Reason::queue_order =
    add_reason({.name = "queue_order", .done = "its turn had come and it fitted"});
const Reason Reason::skipped_ahead =
    add_reason({.name = "skipped_ahead", .done = "it fitted where jobs ahead of it did not"});
const Reason Reason::not_enough_gpus = add_reason({.name = "not_enough_gpus",
                                                   .waits = "it needed {gpus} while {free}",
                                                   .blocks = " and needed {gpus} while {free}"});
const Reason Reason::fragmented = add_reason(
    {.name = "fragmented",
     .waits = "it needed {gpus}, and {free}, but not where its placement needs them",
     .blocks = ": that job needed {gpus}, and {free}, but not where its placement needs them"});
const Reason Reason::behind =
    add_reason({.name = "behind", .waits = "{other} was ahead of it", .blocks = {}});
const Reason Reason::passed_over =
    add_reason({.name = "passed_over", .waits = "{free}, and its policy let it wait"});
const Reason Reason::next_round =
    add_reason({.name = "next_round",
                .waits = "nothing was decided until the next round at {time}",
                .value_is_time = true});
const Reason Reason::nodes_down =
    add_reason({.name = "nodes_down",
                .waits = "it needed {gpus}, which the nodes that were up could not give it"});
const Reason Reason::node_failure = add_reason({.name = "node_failure"});
const Reason Reason::cannot_run = add_reason({.name = "cannot_run",
                                              .done = "no GPU that it may use can run it",
                                              .waits = "no GPU that it may use can run it"});
const Reason Reason::deadline_missed =
    add_reason({.name = "deadline_missed", .done = "its deadline could no longer be met"});
const Reason Reason::upgraded = add_reason({.name = "upgraded", .done = "it runs faster there"});
const Reason Reason::made_room =
    add_reason({.name = "made_room", .done = "room was made for {other}"});

std::string_view Reason::word() const {
  return text().name;
}

const ReasonText& Reason::text() const {
  static const ReasonText nothing{.name = "", .unnamed = {}, .blocks = {}};
  return text_ == nullptr ? nothing : *text_;
}

Reason add_reason(ReasonText text) {
  return Reason(reasons().add(std::move(text)));
}

Reason find_reason(std::string_view word) {
  return Reason(reasons().find(word));
}

std::vector<Reason> all_reasons() {
  std::vector<Reason> out;
  for (const ReasonText* text : reasons().all()) out.emplace_back(text);
  return out;
}

}  // namespace orrery::training
