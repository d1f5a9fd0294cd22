#include "sim/worlds/training/policy.hpp"

#include <array>
#include <utility>

namespace orrery::training {

base::Registry<PolicyEntry>& policy_registry() {
  static base::Registry<PolicyEntry> all("policy");
  return all;
}

std::string_view to_string(Reason reason) {
  constexpr std::array<std::string_view, 18> kWords = {
      "none",          "queue_order",     "skipped_ahead",   "backfilled", "shorter_remaining",
      "less_service",  "not_enough_gpus", "fragmented",      "behind",     "reserved",
      "node_failure",  "cannot_run",      "deadline_missed", "upgraded",   "made_room",
      "opportunistic", "suspended",       "nodes_down"};
  return kWords[static_cast<std::size_t>(reason)];
}

std::vector<const PolicyEntry*> policies() {
  return policy_registry().all();
}

const PolicyEntry* find_policy(std::string_view name) {
  return policy_registry().find(name);
}

PolicyRegistration::PolicyRegistration(PolicyEntry entry) {
  policy_registry().add(std::move(entry));
}

}  // namespace orrery::training
