// The policy an experiment names, and its options.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/worlds/training/options/throughput_choice.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

struct PolicyChoice {
  std::string label;  ///< what results call it: `label`, else `name`
  const training::PolicyEntry* entry = nullptr;
  DecideWith decide_with = DecideWith::best;
  base::Node options;  ///< the keys beside those of every policy

  std::unique_ptr<training::Policy> make() const { return entry->make(options); }
};

/// Reads `policy: {name: ..., label: ..., options}`. Throws base::Error for an unknown
/// name, a label that is not a name of a directory, or an option the policy does not know.
PolicyChoice read_policy(const base::Node& node);

/// The registered policy of that name; throws base::Error (at `where`) naming the nearest one.
const training::PolicyEntry& policy_named(const std::string& name, const base::Where& where);

/// The policies of a document, each as a complete mapping under `policy`: those of `policies`, or
/// the one of `policy`; with `wanted` (labels or names) only those, and names the document does not
/// list with their default options. Options under `policy` go to every policy that knows them and
/// sets them not itself. Throws base::Error when two have one label.
std::vector<base::Node> policies_of(const base::Node& document,
                                    const std::vector<std::string>& wanted);

/// Whether a label or name stands for a policy of this document, or is registered.
bool knows_policy(const base::Node& document, const std::string& word);

/// `name`, `label`, `decide_with` and the options of all registered policies.
base::DeclarationInfo policy_schema();

}  // namespace orrery::training
