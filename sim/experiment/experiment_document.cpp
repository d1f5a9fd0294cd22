#include "sim/experiment/experiment_document.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace fs = std::filesystem;

namespace {

using base::Error;
using base::Node;

using Choice = std::vector<std::string>;

/// Keys of the experiment as a whole of which only one can hold.
const std::vector<Choice>& experiment_choices() {
  static const std::vector<Choice> choices{{"seed", "seeds"},
                                           {"stop.at", "stop.seconds", "stop.rounds"}};
  return choices;
}

/// Who wins where a key is given twice: nobody within one file, the later one else.
enum class Twice { is_an_error, later_wins };

bool is_key_of(const world::WorldKind& kind, std::string_view key) {
  return key == "kind" ||
         std::ranges::find(kind.options().parameters, key, &base::ParameterInfo::key) !=
             kind.options().parameters.end();
}

void move_to_top(Node& root, const base::Entry& entry, Twice twice) {
  if (const Node* other = root.find(entry.key)) {
    if (twice == Twice::is_an_error) {
      throw Error(entry.where, "'" + entry.key + "' is given twice, here and at the top level in " +
                                   "line " + std::to_string(other->where.line));
    }
    base::erase_key(root, entry.key);
  }
  root.entries.push_back(entry);
}

/// A list of one world without a name becomes the keys of the short form.
void unfold_only_world(Node& root, Twice twice) {
  const Node* found = root.find("worlds");
  if (found == nullptr || found->kind != Node::Kind::sequence || found->items.size() != 1) return;
  const Node world = found->items.front();
  if (!world.is_mapping() || world.find("name") != nullptr) return;
  base::erase_key(root, "worlds");
  const world::WorldKind& kind = kind_of(world);
  for (const base::Entry& entry : world.entries) {
    if (!is_key_of(kind, entry.key))
      throw Error(entry.where,
                  "'" + entry.key + "' is not a key of a world; write it at the top level");
    move_to_top(root, entry, twice);
  }
}

/// Moves keys that were written inside another one, as `restart_seconds` inside `policy`.
void unfold_short_forms(Node& root, const world::WorldKind& kind, Twice twice) {
  for (const world::ShortForm& form : kind.short_forms) {
    for (const std::string& name : {form.parent, std::string("cluster")}) {
      if (name != form.parent && form.parent != "platform") continue;
      Node* parent = root.find(name);
      if (parent == nullptr || !parent->is_mapping()) continue;
      const auto entry = std::ranges::find(parent->entries, form.key, &base::Entry::key);
      if (entry == parent->entries.end()) continue;
      const base::Entry moved = *entry;
      parent->entries.erase(entry);
      move_to_top(root, moved, twice);
    }
  }
}

/// A mapping that holds the keys of a world: the whole document in the short form, else one of the
/// items of `worlds`.
struct WorldKeys {
  Node* node;
  const world::WorldKind* kind;
  std::string prefix;  ///< of its paths in the document
};

std::vector<WorldKeys> worlds_of(Node& root) {
  std::vector<WorldKeys> out;
  Node* list = root.find("worlds");
  if (list == nullptr) return {{&root, &kind_of(root), ""}};
  for (std::size_t i = 0; list->kind == Node::Kind::sequence && i < list->items.size(); ++i)
    if (list->items[i].is_mapping())
      out.push_back(
          {&list->items[i], &kind_of(list->items[i]), "worlds[" + std::to_string(i) + "]."});
  return out;
}

void unfold(Node& root, Twice twice) {
  unfold_only_world(root, twice);
  for (const WorldKeys& world : worlds_of(root))
    unfold_short_forms(*world.node, *world.kind, twice);
}

/// Throws where more than one of a choice is there.
void check_choice(const Node& node, const Choice& choice) {
  std::string_view first;
  for (const std::string& path : choice) {
    const Node* found = base::find_at(node, path);
    if (found == nullptr) continue;
    if (!first.empty()) {
      throw Error(found->where, "found both '" + std::string(first) + "' and '" + path +
                                    "', expected one of them");
    }
    first = path;
  }
}

void check_choices(Node& root) {
  for (const Choice& choice : experiment_choices()) check_choice(root, choice);
  for (const WorldKeys& world : worlds_of(root))
    for (const Choice& choice : world.kind->choices) check_choice(*world.node, choice);
}

/// Removes from `node` what `winner` of a choice replaces.
void displace(Node& node, const Choice& choice, std::string_view winner) {
  for (const std::string& path : choice) {
    if (path == winner) continue;
    base::erase_at(node, path);
    // A label belongs to the name it was given with.
    constexpr std::string_view kName = ".name";
    if (path.ends_with(kName))
      base::erase_at(node, path.substr(0, path.size() - kName.size()) + ".label");
  }
}

/// All choices of a document's own level: those of the experiment, and in the short form its
/// world's.
std::vector<Choice> top_choices(const Node& root) {
  std::vector<Choice> all = experiment_choices();
  if (root.find("worlds") != nullptr) return all;
  const std::vector<Choice>& own = kind_of(root).choices;
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

constexpr std::size_t kMostExtended = 100;

Node load_file(const std::string& path, std::vector<std::string>& chain, const base::Where& named);

Node load_base(const Node& extends, std::vector<std::string>& chain) {
  if (extends.kind != Node::Kind::scalar)
    throw Error(extends.where, "expected the path of one experiment file");
  return load_file(base::resolve_path(extends), chain, extends.where);
}

std::string identity(const std::string& path) {
  std::error_code fault;
  const fs::path canonical = fs::weakly_canonical(path, fault);
  return fault ? path : canonical.string();
}

/// Reads a file; where it cannot be read, the error has the place of the `extends` that named it.
/// What is wrong in its text has a place of its own.
Node load_named(const std::string& path, const base::Where& named) {
  try {
    return base::load_yaml(path);
  } catch (const Error& error) {
    if (named.file.empty() || error.where().column > 0) throw;
    throw Error(named, std::string("names a file that cannot be read: ") + error.what(),
                error.fault());
  }
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
      base::resolve_existing_file(written);
    } catch (const Error& error) {
      throw Error(named, error.sentence());
    }
  }
  Node root = load_named(path, named);
  if (!root.is_mapping())
    throw Error(root.where, "expected an experiment, a mapping of keys such as name and cluster");
  unfold(root, Twice::is_an_error);
  check_choices(root);
  const Node* extends = root.find("extends");
  if (extends == nullptr) return root;
  chain.push_back(self);
  if (chain.size() > kMostExtended)
    throw Error(extends->where, "leads through more than " + std::to_string(kMostExtended) +
                                    " files; expected fewer files laid over each other");
  Node below = load_base(*extends, chain);
  chain.pop_back();
  base::erase_key(root, "extends");
  for (const Choice& choice : top_choices(root))
    for (const std::string& path_of_choice : choice)
      if (base::find_at(root, path_of_choice) != nullptr) displace(below, choice, path_of_choice);
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
  const base::Where where{std::string(base::kSetPrefix) + text, 0, 0, ""};
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
  const std::string place = path_in(document, path, where);
  if (value.kind == Node::Kind::null) return base::erase_at(document, place);
  base::set_at(document, place, std::move(value), where);
  unfold(document, Twice::later_wins);
  const auto settle = [&](Node& node, const std::string& prefix, const Choice& choice) {
    std::string_view winner;
    for (const std::string& key : choice) {
      if (!concerns(place, prefix + key) || base::find_at(node, key) == nullptr) continue;
      if (!winner.empty()) {
        throw Error(where, "found both '" + std::string(winner) + "' and '" + key +
                               "', expected one of them");
      }
      winner = key;
    }
    if (!winner.empty()) displace(node, choice, winner);
  };
  for (const Choice& choice : experiment_choices()) settle(document, "", choice);
  for (const WorldKeys& world : worlds_of(document))
    for (const Choice& choice : world.kind->choices) settle(*world.node, world.prefix, choice);
}

void unfold_item(Node& item, const world::WorldKind& kind) {
  unfold_short_forms(item, kind, Twice::later_wins);
}

Node load_document(const std::string& path, const std::vector<std::string>& sets) {
  std::vector<std::string> chain;
  Node root = load_file(path, chain, {});
  for (const std::string& set : sets) apply_set(root, set);
  return root;
}

}  // namespace orrery::experiment
