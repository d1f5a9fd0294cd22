#include "models/base/document_paths.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/base/numbers.hpp"

namespace orrery::base {

namespace {

/// One step of a path: a key, and the indices behind it (`nodes[0]`).
struct NamedStep {
  std::string_view key;
  std::vector<std::size_t> indices;
};

NamedStep step_of(std::string_view text) {
  NamedStep step{text.substr(0, text.find('[')), {}};
  for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const std::size_t end = text.find(']', at);
    const auto index = parse_integer(text.substr(at + 1, end - at - 1));
    if (end == std::string_view::npos || !index || *index < 0) return {};
    step.indices.push_back(static_cast<std::size_t>(*index));
  }
  return step;
}

const Node* follow(const Node* node, const NamedStep& step) {
  if (!node->is_mapping()) return nullptr;
  node = node->find(step.key);
  for (const std::size_t index : step.indices) {
    if (node == nullptr || index >= node->items.size()) return nullptr;
    node = &node->items[index];
  }
  return node;
}

}  // namespace

const Node* find_at(const Node& root, std::string_view dotted_path) {
  const Node* node = &root;
  while (node != nullptr && !dotted_path.empty()) {
    const std::size_t dot = dotted_path.find('.');
    node = follow(node, step_of(dotted_path.substr(0, dot)));
    dotted_path = dot == std::string_view::npos ? "" : dotted_path.substr(dot + 1);
  }
  return node;
}

void erase_key(Node& mapping, std::string_view key) {
  std::erase_if(mapping.entries, [&](const Entry& entry) { return entry.key == key; });
}

void erase_at(Node& root, std::string_view dotted_path) {
  const std::size_t dot = dotted_path.rfind('.');
  const std::string_view above = dot == std::string_view::npos ? "" : dotted_path.substr(0, dot);
  const std::string_view last =
      dot == std::string_view::npos ? dotted_path : dotted_path.substr(dot + 1);
  auto* parent = const_cast<Node*>(find_at(root, above));
  if (parent == nullptr || !parent->is_mapping()) return;
  NamedStep step = step_of(last);
  if (step.indices.empty()) return erase_key(*parent, step.key);
  const std::size_t index = step.indices.back();
  step.indices.pop_back();
  auto* list = const_cast<Node*>(follow(parent, step));
  if (list == nullptr || index >= list->items.size()) return;
  list->items.erase(list->items.begin() + static_cast<std::ptrdiff_t>(index));
}

Node empty_mapping(Where where) {
  Node node;
  node.kind = Node::Kind::mapping;
  node.where = std::move(where);
  return node;
}

Node part(const Node& mapping, const DeclarationInfo& info) {
  Node out = empty_mapping(mapping.where);
  for (const Entry& entry : mapping.entries)
    if (std::ranges::find(info.parameters, entry.key, &ParameterInfo::key) != info.parameters.end())
      out.entries.push_back(entry);
  return out;
}

}  // namespace orrery::base
