#include "sim/world/simple_kind.hpp"

#include "models/base/document_paths.hpp"

namespace orrery::world {

std::vector<base::Node> alternatives_of(const base::Node& item, const std::string& list,
                                        const std::string& key) {
  const base::Node* values = item.find(list);
  if (values == nullptr) return {item};
  base::detail::check_sequence(*values);
  if (values->items.empty())
    throw base::Error(values->where, "the list is empty; at least one value is needed");
  std::vector<base::Node> out;
  for (const base::Node& value : values->items) {
    base::Node& one = out.emplace_back(item);
    base::erase_key(one, list);
    one.entries.push_back({key, value.where, value});
  }
  return out;
}

}  // namespace orrery::world
