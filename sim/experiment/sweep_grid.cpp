#include "sim/experiment/sweep_grid.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/uncertainty_option.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

constexpr std::size_t kLongestDirectory = 100;

/// A value as it appears in names: scalars as written, others by their position.
std::string value_text(const Node& value, std::size_t index) {
  return value.kind == Node::Kind::scalar ? value.text : "#" + std::to_string(index + 1);
}

/// Letters, digits, `.`, `+` and `-` alone: names that need no quotes in a shell.
std::string plain_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '+' || c == '-';
    word += plain ? c : '-';
  }
  return word;
}

std::string last_word(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

void check_sweep_key(const base::Entry& axis) {
  for (const char* const key :
       {"seed", "seeds", "policies", "sweep", "extends", "name", "worlds", kUncertaintyKey}) {
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

report::SweepPoint SweepGrid::point(std::size_t number) const {
  report::SweepPoint point;
  const std::vector<std::size_t> indices = indices_of(number);
  for (std::size_t a = 0; a < axes_.size(); ++a)
    point.emplace_back(axes_[a].key, value_text(axes_[a].value.items[indices[a]], indices[a]));
  return point;
}

std::string SweepGrid::readable_name(std::size_t number) const {
  std::string name;
  for (const auto& [key, value] : point(number)) {
    const std::string word = last_word(key);
    const auto same = std::ranges::count_if(
        axes_, [&](const base::Entry& axis) { return last_word(axis.key) == word; });
    if (!name.empty()) name += '_';
    name.append(plain_word(same > 1 ? key : word)).append("-").append(plain_word(value));
  }
  return name;
}

void SweepGrid::name_directories(std::size_t combinations) {
  if (axes_.empty()) {
    directories_.assign(1, "");
    return;
  }
  std::set<std::string> used;
  for (std::size_t i = 0; i < combinations; ++i) {
    std::string name = readable_name(i);
    if (name.size() > kLongestDirectory || !used.insert(name).second) {
      name = "point-" + std::to_string(i + 1);
      used.insert(name);
    }
    directories_.push_back(name + "/");
  }
}

}  // namespace orrery::experiment
