#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "models/base/document.hpp"
#include "models/base/document_text.hpp"
#include "models/base/numbers.hpp"

namespace orrery::base {

namespace {

/// One step of a path: into a mapping by key, or into a list by index.
struct PathStep {
  std::string_view key;
  std::size_t index = 0;
  bool is_index = false;
};

/// Splits `a.b[2].c`; throws Error for anything else.
std::vector<PathStep> split_path(std::string_view path, const Where& where) {
  const auto fail = [&] {
    throw Error(where, "'" + std::string(path) +
                           "' is not the path of a parameter, expected one such as policy.name or "
                           "cluster.nodes[0].count");
  };
  std::vector<PathStep> steps;
  std::string_view rest = path;
  while (!rest.empty()) {
    if (rest.front() == '[') {
      const std::size_t close = rest.find(']');
      if (close == std::string_view::npos || steps.empty()) fail();
      PathStep step{{}, 0, true};
      const char* end = rest.data() + close;
      const auto result = std::from_chars(rest.data() + 1, end, step.index);
      if (result.ec != std::errc{} || result.ptr != end) fail();
      steps.push_back(step);
      rest.remove_prefix(close + 1);
      if (!rest.empty() && rest.front() != '[' && rest.front() != '.') fail();
    } else {
      if (!steps.empty()) rest.remove_prefix(1);  // the dot
      const std::string_view key = rest.substr(0, rest.find_first_of(".["));
      if (key.empty()) fail();
      steps.push_back({key, 0, false});
      rest.remove_prefix(key.size());
    }
  }
  if (steps.empty()) fail();
  return steps;
}

const char* kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return "";
}

Node& step_into(Node& node, const PathStep& step, const Where& where, const std::string& path) {
  const std::string name = path.empty() ? "the document" : "'" + path + "'";
  if (step.is_index) {
    if (node.kind != Node::Kind::sequence) {
      throw Error(where, name + " is " + kind_name(node) + ", expected a list");
    }
    if (step.index >= node.items.size()) {
      throw Error(where, name + " has " + std::to_string(node.items.size()) +
                             " items, counted from 0; there is no [" + std::to_string(step.index) +
                             "]");
    }
    return node.items[step.index];
  }
  if (node.kind == Node::Kind::null) node.kind = Node::Kind::mapping;
  if (!node.is_mapping()) {
    throw Error(where, name + " is " + kind_name(node) + ", expected a mapping");
  }
  if (Node* found = node.find(step.key)) return *found;
  Where place = where;
  place.key = detail::child_path(path, step.key);
  node.entries.push_back({std::string(step.key), place, {}});
  node.entries.back().value.where = std::move(place);
  return node.entries.back().value;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));
}

Node merge(Node base, const Node& over) {
  if (!base.is_mapping() || !over.is_mapping()) return over;
  std::unordered_map<std::string, std::size_t> index;  // looked up, never walked
  for (std::size_t i = 0; i < base.entries.size(); ++i) index.emplace(base.entries[i].key, i);
  for (const Entry& entry : over.entries) {
    const auto found = index.find(entry.key);
    if (found == index.end()) {
      base.entries.push_back(entry);
    } else {
      Entry& winner = base.entries[found->second];
      winner.where = entry.where;
      winner.value = merge(std::move(winner.value), entry.value);
    }
  }
  base.where = over.where;
  return base;
}

void set_at(Node& root, std::string_view dotted_path, Node value, const Where& where) {
  const std::vector<PathStep> steps = split_path(dotted_path, where);
  if (steps.size() + detail::depth_of(value) > detail::kDeepest) {
    throw Error(where, "values are nested deeper than 64 levels");
  }
  Node* node = &root;
  std::string path;
  for (const PathStep& step : steps) {
    node = &step_into(*node, step, where, path);
    path =
        step.is_index ? detail::child_path(path, step.index) : detail::child_path(path, step.key);
  }
  detail::set_path(value, path);
  *node = std::move(value);
}

Node scalar_node(std::string text, Where where) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  node.where = std::move(where);
  return node;
}

Node number_node(double value, Where where) {
  std::string text = format_shortest(value);
  const std::size_t exponent = std::min(text.find('e'), text.size());
  const bool signed_zero = value == 0 && std::signbit(value);  // `-0` is a whole number
  if ((exponent < text.size() || signed_zero) && text.find('.') == std::string::npos)
    text.insert(exponent, ".0");
  return scalar_node(std::move(text), std::move(where));
}

}  // namespace orrery::base
