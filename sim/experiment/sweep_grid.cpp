#include "sim/experiment/sweep_grid.hpp"

#include <set>
#include <utility>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment_document.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

constexpr std::size_t kLongestDirectory = 100;

/// A value as it appears in names: scalars as written, others by their position.
std::string value_text(const Node& value, std::size_t index) {
  return value.kind == Node::Kind::scalar ? value.text : "#" + std::to_string(index + 1);
}

std::string directory_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '=' || c == ',' || c == '-' || c == '+' || c == '[' ||
                       c == ']';
    name += plain ? c : '_';
  }
  return name;
}

void check_sweep_key(const base::Entry& axis) {
  for (const char* const key :
       {"seed", "seeds", "policies", "sweep", "extends", "name", "worlds"}) {
    if (axis.key == key) {
      throw Error(axis.where, std::string("'") + key +
                                  "' cannot be swept over; 'seeds' and 'policies' are lists of "
                                  "their own");
    }
  }
  if (axis.value.kind != Node::Kind::sequence || axis.value.items.empty())
    throw Error(axis.value.where, "expected a list of at least one value ([8, 16, 32])");
}

}  // namespace

SweepGrid::SweepGrid(Node document, std::size_t most) : document_(std::move(document)) {
  std::size_t combinations = 1;
  if (Node* sweep = document_.find("sweep")) {
    base::detail::check_mapping(*sweep);
    for (const base::Entry& axis : sweep->entries) {
      check_sweep_key(axis);
      if (axis.value.items.size() > most / combinations)
        throw Error(sweep->where,
                    "the sweep has more than " + std::to_string(most) + " combinations");
      combinations *= axis.value.items.size();
    }
    axes_ = std::move(sweep->entries);
    base::erase_key(document_, "sweep");
  }
  name_directories(combinations);
}

std::vector<std::size_t> SweepGrid::indices_of(std::size_t number) const {
  std::vector<std::size_t> indices(axes_.size());
  for (std::size_t a = axes_.size(); a-- > 0; number /= axes_[a].value.items.size())
    indices[a] = number % axes_[a].value.items.size();
  return indices;
}

Node SweepGrid::document(std::size_t number) const {
  Node made = document_;
  const std::vector<std::size_t> indices = indices_of(number);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const Node& value = axes_[a].value.items[indices[a]];
    set_value(made, axes_[a].key, value, value.where);
  }
  return made;
}

std::string SweepGrid::text(std::size_t number) const {
  std::string text;
  const std::vector<std::size_t> indices = indices_of(number);
  for (std::size_t a = 0; a < axes_.size(); ++a)
    text += (text.empty() ? "" : ",") + axes_[a].key + "=" +
            value_text(axes_[a].value.items[indices[a]], indices[a]);
  return text;
}

void SweepGrid::name_directories(std::size_t combinations) {
  if (axes_.empty()) {
    directories_.assign(1, "");
    return;
  }
  std::set<std::string> used;
  for (std::size_t i = 0; i < combinations; ++i) {
    std::string name = directory_name(text(i));
    if (name.size() > kLongestDirectory || !used.insert(name).second) {
      name = "point-" + std::to_string(i + 1);
      used.insert(name);
    }
    directories_.push_back(name + "/");
  }
}

}  // namespace orrery::experiment
