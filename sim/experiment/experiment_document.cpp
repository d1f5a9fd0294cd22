#include "sim/experiment/experiment_document.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "sim/experiment/document_paths.hpp"
#include "sim/experiment/experiment_paths.hpp"

namespace orrery::experiment {

namespace fs = std::filesystem;

namespace {

using base::Error;
using base::Node;

/// Keys that may also be written one level lower, beside what they belong to.
struct ShortForm {
  std::string_view parent, key;
};
constexpr std::array<ShortForm, 4> kShortForms{{{"policy", "restart_seconds"},
                                                {"policy", "plan_change"},
                                                {"workload", "on_oversized_job"},
                                                {"cluster", "virtual_clusters"}}};

/// Keys of which only one can hold.
constexpr std::array<std::string_view, 2> kPolicyChoice{"policy.name", "policies"};
constexpr std::array<std::string_view, 2> kSeedChoice{"seed", "seeds"};
constexpr std::array<std::string_view, 2> kWorkloadChoice{"workload.trace", "workload.generate"};
constexpr std::array<std::string_view, 3> kStopChoice{"stop.at", "stop.seconds", "stop.rounds"};
constexpr std::array<std::string_view, 2> kTableChoice{"throughput.table", "throughput.tables"};
constexpr std::array<std::span<const std::string_view>, 5> kChoices{
    kPolicyChoice, kSeedChoice, kWorkloadChoice, kStopChoice, kTableChoice};

/// What an item of `worlds` may hold; the rest belongs to the platform or the whole experiment.
constexpr std::array<std::string_view, 10> kWorldKeys{
    "kind",        "workload",   "policy",    "policies", "restart_seconds",
    "plan_change", "checkpoint", "migration", "round",    "on_oversized_job",
};

/// Who wins where a key is given twice: nobody within one file, the later one else.
enum class Twice { is_an_error, later_wins };

void move_to_top(Node& root, const base::Entry& entry, Twice twice) {
  if (const Node* other = root.find(entry.key)) {
    if (twice == Twice::is_an_error) {
      throw Error(entry.where, "'" + entry.key + "' is given twice, here and at the top level in " +
                                   "line " + std::to_string(other->where.line));
    }
    erase_key(root, entry.key);
  }
  root.entries.push_back(entry);
}

/// `worlds: [{...}]` becomes the keys of its one world.
void unfold_worlds(Node& root, Twice twice) {
  const Node* found = root.find("worlds");
  if (found == nullptr) return;
  const Node worlds = *found;
  erase_key(root, "worlds");
  if (worlds.kind != Node::Kind::sequence)
    throw Error(worlds.where, "expected a list of worlds ([{kind: training-cluster, ...}])");
  if (worlds.items.size() != 1) {
    throw Error(worlds.where, "found " + std::to_string(worlds.items.size()) +
                                  " worlds, expected exactly one: training-cluster is the only "
                                  "kind of world yet");
  }
  const Node& world = worlds.items.front();
  if (!world.is_mapping()) throw Error(world.where, "expected a mapping (kind: training-cluster)");
  for (const base::Entry& entry : world.entries) {
    if (std::find(kWorldKeys.begin(), kWorldKeys.end(), entry.key) == kWorldKeys.end())
      throw Error(entry.where, "'" + entry.key + "' is no key of a world; write it at the top");
    move_to_top(root, entry, twice);
  }
}

void unfold_short_forms(Node& root, Twice twice) {
  unfold_worlds(root, twice);
  for (const ShortForm& form : kShortForms) {
    Node* parent = root.find(form.parent);
    if (parent == nullptr || !parent->is_mapping()) continue;
    const auto entry = std::find_if(parent->entries.begin(), parent->entries.end(),
                                    [&](const base::Entry& e) { return e.key == form.key; });
    if (entry == parent->entries.end()) continue;
    const base::Entry moved = *entry;
    parent->entries.erase(entry);
    move_to_top(root, moved, twice);
  }
}

void check_choices(const Node& root) {
  for (const auto& choice : kChoices) {
    std::string_view first;
    for (const std::string_view path : choice) {
      const Node* found = find_at(root, path);
      if (found == nullptr) continue;
      if (!first.empty()) {
        throw Error(found->where, "found both '" + std::string(first) + "' and '" +
                                      std::string(path) + "', expected one of them");
      }
      first = path;
    }
  }
}

/// Removes from `root` what `winner` of a choice replaces.
void displace(Node& root, std::span<const std::string_view> choice, std::string_view winner) {
  for (const std::string_view path : choice) {
    if (path == winner) continue;
    erase_at(root, path);
    // A label belongs to the name it was given with.
    if (path == "policy.name") erase_at(root, "policy.label");
  }
}

Node load_file(const std::string& path, std::vector<std::string>& chain, const base::Where& named);

Node load_base(const Node& extends, std::vector<std::string>& chain) {
  if (extends.kind != Node::Kind::scalar)
    throw Error(extends.where, "expected the path of one experiment file");
  return load_file(resolve_path(extends), chain, extends.where);
}

std::string identity(const std::string& path) {
  std::error_code fault;
  const fs::path canonical = fs::weakly_canonical(path, fault);
  return fault ? path : canonical.string();
}

/// `named` is the place of the `extends` that led here, empty for the first file.
Node load_file(const std::string& path, std::vector<std::string>& chain, const base::Where& named) {
  const std::string self = identity(path);
  if (const auto seen = std::find(chain.begin(), chain.end(), self); seen != chain.end()) {
    std::string circle;
    for (auto at = seen; at != chain.end(); ++at)
      circle += fs::path(*at).filename().string() + " -> ";
    throw Error(named,
                "'extends' goes in a circle: " + circle + fs::path(self).filename().string());
  }
  if (!named.file.empty()) {
    Node written = base::scalar_node(path, named);
    written.where.file = "";  // the path is resolved already
    try {
      resolve_existing_file(written);
    } catch (const Error& error) {
      throw Error(named, error.sentence());
    }
  }
  Node root = base::load_yaml(path);
  if (!root.is_mapping())
    throw Error(root.where, "expected an experiment, a mapping of keys such as name and cluster");
  unfold_short_forms(root, Twice::is_an_error);
  check_choices(root);
  const Node* extends = root.find("extends");
  if (extends == nullptr) return root;
  chain.push_back(self);
  Node below = load_base(*extends, chain);
  chain.pop_back();
  erase_key(root, "extends");
  for (const auto& choice : kChoices)
    for (const std::string_view path_of_choice : choice)
      if (find_at(root, path_of_choice) != nullptr) displace(below, choice, path_of_choice);
  return base::merge(std::move(below), root);
}

/// Values of the command line have no line and column, and their file is the option itself.
void place(Node& node, const base::Where& where) {
  const std::string key = node.where.key;
  node.where = where;
  node.where.key = key;
  for (Node& item : node.items) place(item, where);
  for (base::Entry& entry : node.entries) {
    entry.where = where;
    entry.where.key = entry.key;
    place(entry.value, where);
  }
}

void apply_set(Node& root, const std::string& text) {
  const base::Where where{std::string(kSetPrefix) + text, 0, 0, ""};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(where, "expected PATH=VALUE such as policy.name=srtf");
  Node value;
  try {
    value = base::parse_yaml(std::string_view(text).substr(equals + 1), where.file);
  } catch (const Error& error) {
    throw Error(where, error.sentence());
  }
  place(value, where);
  set_value(root, text.substr(0, equals), std::move(value), where);
}

/// Whether setting `path` may have written what stands at `choice`.
bool concerns(std::string_view path, std::string_view choice) {
  if (path == choice) return true;
  const auto below = [](std::string_view longer, std::string_view shorter) {
    return longer.size() > shorter.size() && longer.starts_with(shorter) &&
           (longer[shorter.size()] == '.' || longer[shorter.size()] == '[');
  };
  return below(path, choice) || below(choice, path);
}

}  // namespace

void set_value(Node& document, const std::string& path, Node value, const base::Where& where) {
  if (value.kind == Node::Kind::null) return erase_at(document, path);
  base::set_at(document, path, std::move(value), where);
  unfold_short_forms(document, Twice::later_wins);
  for (const auto& choice : kChoices) {
    std::string_view winner;
    for (const std::string_view key : choice) {
      if (!concerns(path, key) || find_at(document, key) == nullptr) continue;
      if (!winner.empty()) {
        throw Error(where, "found both '" + std::string(winner) + "' and '" + std::string(key) +
                               "', expected one of them");
      }
      winner = key;
    }
    if (!winner.empty()) displace(document, choice, winner);
  }
}

Node load_document(const std::string& path, const std::vector<std::string>& sets) {
  std::vector<std::string> chain;
  Node root = load_file(path, chain, {});
  for (const std::string& set : sets) apply_set(root, set);
  return root;
}

}  // namespace orrery::experiment
