#include "sim/worlds/training/policy.hpp"

#include <utility>

namespace orrery::training {

base::Registry<PolicyEntry>& policy_registry() {
  static base::Registry<PolicyEntry> all("policy");
  return all;
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
