#include "sim/experiment/world_items.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/document_paths.hpp"
#include "sim/experiment/schema.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

constexpr std::size_t kLongestName = 64;

void check_name(const Node& node) {
  const std::string name = base::detail::read_text(node);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  if (name.empty() || name.size() > kLongestName || !std::ranges::all_of(name, allowed))
    throw Error(node.where, "found '" + name +
                                "', expected a word of letters, digits and - _ (it names a folder "
                                "of results)");
}

std::vector<std::string> names_of(const std::vector<WorldItem>& items) {
  std::vector<std::string> names;
  for (const WorldItem& item : items) names.push_back(item.name);
  return names;
}

[[noreturn]] void refuse_world(const std::string& name, const std::vector<std::string>& known,
                               const base::Where& where) {
  const std::string near = base::nearest(name, known);
  throw Error(where, fmt::format("no world is called '{}'; {}", name,
                                 near.empty()
                                     ? fmt::format("this experiment has {}", fmt::join(known, ", "))
                                     : fmt::format("did you mean '{}'?", near)));
}

WorldItem long_item(const Node& node) {
  base::detail::check_mapping(node);
  WorldItem item;
  item.where = node.where;
  item.kind = &kind_of(node);
  base::detail::check_keys(node, item_schema(*item.kind).parameters);
  const Node* name = node.find("name");
  if (name == nullptr)
    throw Error(node.where, "the required key 'name' is missing; each of several worlds has one");
  check_name(*name);
  item.name = name->text;
  if (const Node* host = node.find("placed_by")) item.placed_by = base::detail::read_text(*host);
  item.keys = base::part(node, item.kind->options());
  return item;
}

void check_names(const std::vector<WorldItem>& items) {
  for (std::size_t i = 1; i < items.size(); ++i)
    if (items[i - 1].name == items[i].name)
      throw Error(items[i].where,
                  "two worlds are called '" + items[i].name + "'; give one of them another 'name'");
}

void check_hosts(const std::vector<WorldItem>& items) {
  for (const WorldItem& item : items) {
    if (item.placed_by.empty()) continue;
    base::Where where = item.where;
    where.key += ".placed_by";
    const auto host = std::ranges::find(items, item.placed_by, &WorldItem::name);
    if (host == items.end()) refuse_world(item.placed_by, names_of(items), where);
    if (!item.kind->can_be_placed)
      throw Error(where, "a world of kind " + item.kind->name + " takes no 'placed_by'");
    if (!host->kind->places_others)
      throw Error(where, fmt::format("'{}' cannot place others: a world of kind {} has no policy "
                                     "that places jobs",
                                     host->name, host->kind->name));
  }
}

}  // namespace

bool is_long_form(const Node& document) {
  return document.find("worlds") != nullptr;
}

const world::WorldKind& kind_of(const Node& mapping) {
  if (const Node* kind = mapping.find("kind"))
    return world::kinds().named(base::detail::read_text(*kind), kind->where);
  for (const world::WorldKind* kind : world::kinds().all())
    if (kind->is_default) return *kind;
  throw Error(mapping.where, "the required key 'kind' is missing");
}

void check_top_keys(const Node& document) {
  base::detail::check_mapping(document);
  if (!is_long_form(document)) {
    base::detail::check_keys(document, short_form_schema(kind_of(document)).parameters);
  } else {
    for (const base::Entry& entry : document.entries)
      if (!is_key_beside_worlds(entry.key) && is_key_of_some_world(entry.key))
        throw Error(entry.where, "'" + entry.key +
                                     "' stands beside 'worlds'; write it inside the world it "
                                     "belongs to");
    platform_of(document);
    base::detail::check_keys(document, long_form_schema().parameters);
  }
}

std::vector<WorldItem> world_items(const Node& document) {
  const Node* list = document.find("worlds");
  std::vector<WorldItem> items;
  if (list == nullptr) {
    WorldItem& only = items.emplace_back();
    only.kind = &kind_of(document);
    only.where = document.where;
    only.keys = base::part(document, only.kind->options());
    return items;
  }
  base::detail::check_sequence(*list);
  if (list->items.empty())
    throw Error(list->where, "the list of worlds is empty; at least one is needed");
  for (const Node& node : list->items) items.push_back(long_item(node));
  std::ranges::stable_sort(items, {}, &WorldItem::name);
  check_names(items);
  check_hosts(items);
  return items;
}

Node with_items(Node document, const std::vector<WorldItem>& items) {
  if (!is_long_form(document)) {
    const WorldItem& only = items.front();
    std::erase_if(document.entries, [&](const base::Entry& entry) {
      return std::ranges::find(only.kind->options().parameters, entry.key,
                               &base::ParameterInfo::key) != only.kind->options().parameters.end();
    });
    document.entries.insert(document.entries.end(), only.keys.entries.begin(),
                            only.keys.entries.end());
    return document;
  }
  Node& list = *document.find("worlds");
  std::vector<Node> nodes;
  for (const WorldItem& item : items) {
    Node node = base::empty_mapping(item.where);
    const auto add = [&](const char* key, const std::string& text) {
      node.entries.push_back({key, item.where, base::scalar_node(text, item.where)});
    };
    add("name", item.name);
    node.entries.back().value.quoted = true;
    add("kind", item.kind->name);
    if (!item.placed_by.empty()) {
      add("placed_by", item.placed_by);
      node.entries.back().value.quoted = true;
    }
    node.entries.insert(node.entries.end(), item.keys.entries.begin(), item.keys.entries.end());
    nodes.push_back(std::move(node));
  }
  list.items = std::move(nodes);
  return document;
}

const Node& platform_of(const Node& document) {
  const Node* platform = document.find("platform");
  const Node* cluster = document.find("cluster");
  if (platform != nullptr && cluster != nullptr)
    throw Error(cluster->where, "found both 'platform' and 'cluster', expected one of them");
  if (cluster != nullptr && is_long_form(document))
    throw Error(cluster->where,
                "'cluster' belongs to the short form; beside 'worlds' it is called 'platform'");
  if (platform == nullptr) platform = cluster;
  if (platform == nullptr)
    throw Error(document.where, is_long_form(document) ? "the required key 'platform' is missing"
                                                       : "the required key 'cluster' is missing");
  return *platform;
}

std::string path_in(const Node& document, const std::string& path, const base::Where& where) {
  constexpr std::string_view kPrefix = "worlds.";
  if (!path.starts_with(kPrefix)) return path;
  const Node* list = document.find("worlds");
  const std::size_t dot = path.find('.', kPrefix.size());
  const std::string name = path.substr(kPrefix.size(), dot - kPrefix.size());
  if (list == nullptr || list->kind != Node::Kind::sequence)
    throw Error(where, fmt::format("names a world, but this experiment has one, whose keys stand "
                                   "at the top: write '{}'",
                                   dot == std::string::npos ? "policy" : path.substr(dot + 1)));
  std::vector<std::string> known;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Node* found = list->items[i].is_mapping() ? list->items[i].find("name") : nullptr;
    if (found == nullptr) continue;
    if (found->text == name)
      return fmt::format("worlds[{}]{}", i, dot == std::string::npos ? "" : path.substr(dot));
    known.push_back(found->text);
  }
  refuse_world(name, known, where);
}

}  // namespace orrery::experiment
