#include "sim/experiment/document_paths.hpp"

#include <algorithm>
#include <utility>

namespace orrery::experiment {

const base::Node* find_at(const base::Node& root, std::string_view dotted_path) {
  const base::Node* node = &root;
  while (node != nullptr && !dotted_path.empty()) {
    const std::size_t dot = dotted_path.find('.');
    node = node->find(dotted_path.substr(0, dot));
    dotted_path = dot == std::string_view::npos ? "" : dotted_path.substr(dot + 1);
  }
  return node;
}

void erase_key(base::Node& mapping, std::string_view key) {
  std::erase_if(mapping.entries, [&](const base::Entry& entry) { return entry.key == key; });
}

void erase_at(base::Node& root, std::string_view dotted_path) {
  const std::size_t dot = dotted_path.rfind('.');
  if (dot == std::string_view::npos) return erase_key(root, dotted_path);
  if (auto* parent = const_cast<base::Node*>(find_at(root, dotted_path.substr(0, dot))))
    erase_key(*parent, dotted_path.substr(dot + 1));
}

base::Node empty_mapping(base::Where where) {
  base::Node node;
  node.kind = base::Node::Kind::mapping;
  node.where = std::move(where);
  return node;
}

base::Node part(const base::Node& mapping, const base::DeclarationInfo& info) {
  base::Node out = empty_mapping(mapping.where);
  for (const base::Entry& entry : mapping.entries)
    if (std::ranges::find(info.parameters, entry.key, &base::ParameterInfo::key) !=
        info.parameters.end())
      out.entries.push_back(entry);
  return out;
}

}  // namespace orrery::experiment
