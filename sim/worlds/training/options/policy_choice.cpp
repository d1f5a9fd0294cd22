#include "sim/worlds/training/options/policy_choice.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "models/base/document_paths.hpp"

namespace orrery::training {

namespace {

using base::Error;
using base::Node;

/// The keys of every policy.
struct CommonKeys {
  std::string name;
  std::string label;
  DecideWith decide_with = DecideWith::best;
};
base::Declaration<CommonKeys> declare(const CommonKeys*) {
  base::Declaration<CommonKeys> d("A scheduling policy.");
  d.text("name", &CommonKeys::name, "which policy (orrery list policies)").required();
  d.text("label", &CommonKeys::label,
         "what results call it, to tell variants of one policy apart; default: its name");
  d.choice("decide_with", &CommonKeys::decide_with,
           {{"best", DecideWith::best}, {"data_parallel", DecideWith::data_parallel}},
           "what it decides on: throughputs of jobs' best plans, or only where pure data "
           "parallelism fits; jobs run with their best plan");
  return d;
}

bool is_common(const std::string& key) {
  return key == "name" || key == "label" || key == "decide_with";
}

bool knows(const base::DeclarationInfo& info, const std::string& key) {
  return std::any_of(info.parameters.begin(), info.parameters.end(),
                     [&](const base::ParameterInfo& p) { return p.key == key; });
}

void check_label(const Node& node) {
  const std::string label = base::detail::read_text(node);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '+';
  };
  if (label.empty() || label.size() > 64 || label.front() == '.' ||
      !std::all_of(label.begin(), label.end(), allowed)) {
    throw Error(node.where, "found '" + label +
                                "', expected a word of letters, digits and - _ . + (it names a "
                                "directory)");
  }
}

std::string label_of(const Node& policy) {
  const Node* label = policy.find("label");
  if (label == nullptr) label = policy.find("name");
  return label == nullptr ? "" : label->text;
}

/// An item of `policies` is a mapping, or just a name.
Node as_mapping(const Node& item) {
  if (item.kind != Node::Kind::scalar) {
    base::detail::check_mapping(item);
    return item;
  }
  Node mapping = empty_mapping(item.where);
  mapping.entries.push_back({"name", item.where, item});
  return mapping;
}

/// Options under `policy` must mean something to some policy.
void check_shared(const Node& shared) {
  static const base::DeclarationInfo known = policy_schema();
  base::detail::check_keys(shared, known.parameters);
}

/// Adds the shared options that the policy knows and does not set itself.
Node with_shared(Node policy, const Node* shared) {
  const Node* name = policy.find("name");
  if (shared == nullptr || name == nullptr) return policy;
  const training::PolicyEntry& entry = policy_named(base::detail::read_text(*name), name->where);
  for (const base::Entry& option : shared->entries) {
    if (is_common(option.key) || policy.find(option.key) != nullptr) continue;
    if (knows(entry.options, option.key)) policy.entries.push_back(option);
  }
  return policy;
}

std::vector<Node> listed(const Node& document) {
  std::vector<Node> out;
  if (const Node* list = document.find("policies")) {
    base::detail::check_sequence(*list);
    if (list->items.empty())
      throw Error(list->where, "the list of policies is empty; at least one is needed");
    for (const Node& item : list->items) out.push_back(as_mapping(item));
  } else if (const Node* one = document.find("policy"); one && one->find("name")) {
    out.push_back(*one);
  }
  return out;
}

std::vector<Node> narrowed(const std::vector<Node>& all, const std::vector<std::string>& wanted) {
  std::unordered_map<std::string, std::vector<const Node*>> by_label;
  std::unordered_map<std::string, std::vector<const Node*>> by_name;
  for (const Node& policy : all) {
    by_label[label_of(policy)].push_back(&policy);
    if (const Node* name = policy.find("name")) by_name[name->text].push_back(&policy);
  }
  std::vector<Node> out;
  for (const std::string& word : wanted) {
    const auto labelled = by_label.find(word);
    const auto named = by_name.find(word);
    if (labelled != by_label.end()) {
      for (const Node* policy : labelled->second) out.push_back(*policy);
    } else if (named != by_name.end()) {
      for (const Node* policy : named->second) out.push_back(*policy);
    } else {
      const base::Where where{"--policies " + word, 0, 0, ""};
      policy_named(word, where);
      out.push_back(as_mapping(base::scalar_node(word, where)));
    }
  }
  return out;
}

void check_labels(const std::vector<Node>& policies) {
  std::unordered_set<std::string> labels;
  for (const Node& policy : policies)
    if (!labels.insert(label_of(policy)).second)
      throw Error(policy.where, "two policies are called '" + label_of(policy) +
                                    "'; give one of them another 'label'");
}

}  // namespace

const PolicyEntry& policy_named(const std::string& name, const base::Where& where) {
  return policy_registry().named(name, where);
}

PolicyChoice read_policy(const Node& node) {
  base::detail::check_mapping(node);
  const Node* name = node.find("name");
  if (name == nullptr) throw Error(node.where, "the required key 'name' is missing");
  PolicyChoice choice;
  choice.entry = &policy_named(base::detail::read_text(*name), name->where);
  choice.label = choice.entry->name;
  if (const Node* label = node.find("label")) {
    check_label(*label);
    choice.label = label->text;
  }
  base::DeclarationInfo known = base::describe<CommonKeys>();
  known.parameters.insert(known.parameters.end(), choice.entry->options.parameters.begin(),
                          choice.entry->options.parameters.end());
  base::detail::check_keys(node, known.parameters);
  Node common = empty_mapping(node.where);
  for (const base::Entry& entry : node.entries)
    if (is_common(entry.key)) common.entries.push_back(entry);
  choice.decide_with = base::read<CommonKeys>(common).decide_with;
  choice.options = empty_mapping(node.where);
  for (const base::Entry& entry : node.entries)
    if (!is_common(entry.key)) choice.options.entries.push_back(entry);
  choice.make();
  return choice;
}

std::vector<Node> policies_of(const Node& document, const std::vector<std::string>& wanted) {
  const Node* shared = document.find("policy");
  if (shared != nullptr) base::detail::check_mapping(*shared);
  std::vector<Node> policies = listed(document);
  // A single policy is strict about its own options; shared ones must fit some policy.
  const bool alone = document.find("policies") == nullptr && wanted.empty();
  if (shared != nullptr && !alone) check_shared(*shared);
  if (!wanted.empty()) policies = narrowed(policies, wanted);
  if (policies.empty()) {
    if (shared != nullptr) throw Error(shared->where, "the required key 'name' is missing");
    throw Error(document.where, "names no policy; add 'policy: {name: fifo}' or a list 'policies'");
  }
  for (Node& policy : policies)
    if (!alone) policy = with_shared(std::move(policy), shared);
  check_labels(policies);
  return policies;
}

bool knows_policy(const Node& document, const std::string& word) {
  if (find_policy(word) != nullptr) return true;
  const auto is_it = [&](const Node& policy) {
    return (policy.kind == Node::Kind::scalar ? policy.text : label_of(policy)) == word;
  };
  if (const Node* list = document.find("policies")) return std::ranges::any_of(list->items, is_it);
  const Node* one = document.find("policy");
  return one != nullptr && one->find("name") != nullptr && is_it(*one);
}

base::DeclarationInfo policy_schema() {
  base::DeclarationInfo info = base::describe<CommonKeys>();
  for (const training::PolicyEntry* entry : training::policies()) {
    for (const base::ParameterInfo& option : entry->options.parameters) {
      const auto same =
          std::find_if(info.parameters.begin(), info.parameters.end(),
                       [&](const base::ParameterInfo& known) { return known.key == option.key; });
      if (same != info.parameters.end()) {
        same->help += ", " + entry->name;
        continue;
      }
      info.parameters.push_back(option);
      info.parameters.back().help += "; for " + entry->name;
    }
  }
  return info;
}

}  // namespace orrery::training
