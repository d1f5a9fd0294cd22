#include "models/base/document_paths.hpp"

#include <algorithm>
#include <utility>

namespace orrery::base {

const Node* find_at(const Node& root, std::string_view dotted_path) {
  const Node* node = &root;
  while (node != nullptr && !dotted_path.empty()) {
    const std::size_t dot = dotted_path.find('.');
    node = node->find(dotted_path.substr(0, dot));
    dotted_path = dot == std::string_view::npos ? "" : dotted_path.substr(dot + 1);
  }
  return node;
}

void erase_key(Node& mapping, std::string_view key) {
  std::erase_if(mapping.entries, [&](const Entry& entry) { return entry.key == key; });
}

void erase_at(Node& root, std::string_view dotted_path) {
  const std::size_t dot = dotted_path.rfind('.');
  if (dot == std::string_view::npos) return erase_key(root, dotted_path);
  if (auto* parent = const_cast<Node*>(find_at(root, dotted_path.substr(0, dot))))
    erase_key(*parent, dotted_path.substr(dot + 1));
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
