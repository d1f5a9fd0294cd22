#include "sim/worlds/training/policy.hpp"

#include <array>
#include <map>
#include <stdexcept>

namespace orrery::training {

namespace {

// Filled before main by the policies' own files, read-only afterwards.
std::map<std::string, PolicyEntry, std::less<>>& registry() {
  static std::map<std::string, PolicyEntry, std::less<>> entries;
  return entries;
}

}  // namespace

std::string_view to_string(Reason reason) {
  constexpr std::array<std::string_view, 18> kWords = {
      "none",          "queue_order",     "skipped_ahead",   "backfilled", "shorter_remaining",
      "less_service",  "not_enough_gpus", "fragmented",      "behind",     "reserved",
      "node_failure",  "cannot_run",      "deadline_missed", "upgraded",   "made_room",
      "opportunistic", "suspended",       "nodes_down"};
  return kWords[static_cast<std::size_t>(reason)];
}

std::vector<const PolicyEntry*> policies() {
  std::vector<const PolicyEntry*> all;
  for (const auto& [name, entry] : registry()) all.push_back(&entry);
  return all;
}

const PolicyEntry* find_policy(std::string_view name) {
  const auto it = registry().find(name);
  return it == registry().end() ? nullptr : &it->second;
}

PolicyRegistration::PolicyRegistration(PolicyEntry entry) {
  const std::string name = entry.name;
  if (!registry().emplace(name, std::move(entry)).second)
    throw std::logic_error("two policies are registered as '" + name + "'");
}

}  // namespace orrery::training
