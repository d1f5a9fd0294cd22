#include "models/base/canonical.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "models/base/declaration_info.hpp"
#include "models/base/numbers.hpp"
#include "models/base/quantity.hpp"

namespace orrery::base {

namespace {

/// Zero has no sign here: nothing declared tells them apart.
Node spelled(double value, const Where& where) {
  return number_node(value == 0 ? 0 : value, where);
}

/// What a scalar under a declared key is read as.
enum class Leaf { text, integer, number, boolean };

/// `type` as schemas call it; a name may stand for a mapping or a policy, and is a text then.
Leaf leaf_of(std::string_view type) {
  if (type == "integer") return Leaf::integer;
  if (type == "number") return Leaf::number;
  if (type == "boolean") return Leaf::boolean;
  return Leaf::text;
}

void spell_quantity(Node& node, Dimension dimension) {
  if (parse_quantity(node.text, dimension).fault) return;
  // The unit is what follows the last digit or point: no unit contains either.
  const std::size_t end = node.text.find_last_of("0123456789.") + 1;
  const auto number = parse_double(std::string_view(node.text).substr(0, end));
  const std::string unit = node.text.substr(node.text.find_first_not_of(' ', end));
  node = spelled(*number, node.where);
  node.text += ' ' + unit;
}

void spell_scalar(Node& node, Leaf leaf, Dimension dimension) {
  if (leaf == Leaf::text) {
    node.quoted = true;
  } else if (leaf == Leaf::number && dimension != Dimension::none) {
    spell_quantity(node, dimension);
  } else if (!node.quoted && leaf == Leaf::integer) {
    if (const auto value = parse_integer(node.text)) node.text = std::to_string(*value);
  } else if (!node.quoted && leaf == Leaf::number) {
    if (const auto value = parse_double(node.text)) node = spelled(*value, node.where);
  }
}

void spell_mapping(Node& node, const DeclarationInfo& info);

void spell(Node& node, const ParameterInfo& parameter, std::string_view type) {
  constexpr std::string_view kListOf = "list of ";
  constexpr std::string_view kMappingOf = "mapping of ";
  if (node.kind == Node::Kind::scalar) {
    spell_scalar(node, leaf_of(type), parameter.dimension);
  } else if (node.kind == Node::Kind::sequence) {
    if (type.starts_with(kListOf)) type.remove_prefix(kListOf.size());
    for (Node& item : node.items) spell(item, parameter, type);
  } else if (node.is_mapping() && parameter.members) {
    spell_mapping(node, *parameter.members);
  } else if (node.is_mapping() && type.starts_with(kMappingOf)) {
    type.remove_prefix(kMappingOf.size());
    for (Entry& entry : node.entries) spell(entry.value, parameter, type);
  }
}

void spell_mapping(Node& node, const DeclarationInfo& info) {
  std::unordered_map<std::string_view, std::size_t> declared;
  for (std::size_t i = 0; i < info.parameters.size(); ++i)
    declared.emplace(info.parameters[i].key, i);
  const auto place = [&](const Entry& entry) {
    const auto found = declared.find(entry.key);
    return found == declared.end() ? info.parameters.size() : found->second;
  };
  for (Entry& entry : node.entries) {
    if (const std::size_t at = place(entry); at < info.parameters.size())
      spell(entry.value, info.parameters[at], info.parameters[at].type);
  }
  std::stable_sort(node.entries.begin(), node.entries.end(),
                   [&](const Entry& a, const Entry& b) { return place(a) < place(b); });
}

}  // namespace

Node canonical(Node document, const DeclarationInfo& info) {
  if (document.is_mapping()) spell_mapping(document, info);
  return document;
}

}  // namespace orrery::base
