// What a page says in words: made here, so that a picture of it knows no world.
#pragma once

#include <string>
#include <vector>

#include "sim/report/json_fields.hpp"
#include "sim/report/policy_group.hpp"

namespace orrery::report {

/// `fifo, easy and sjf`; of many words the first ones and how many there are more.
std::string listed(std::vector<std::string> words);

/// Which policies, at how many points of a sweep, with which seeds.
std::string lead(const Comparison& comparison);

/// Which policy is best by what a world's policies are ranked by; empty: it does not rank them.
std::string headline(const std::vector<PolicyGroup>& policies, std::size_t world);

/// `[{value, label}]`: the headlines of a single policy.
Json tiles_json(const PolicyGroup& policy, std::size_t world);

/// The notes of a world, each once; one that does not hold at every point of a sweep names the
/// points where it does.
Json world_notes(const Comparison& comparison, std::size_t world);

}  // namespace orrery::report
