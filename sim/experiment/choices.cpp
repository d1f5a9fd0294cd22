#include "sim/experiment/choices.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment_document.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

/// Which of the command line's policies a world is asked for: all, where there is one world.
std::vector<std::string> wanted_of(const WorldItem& item, const std::vector<WorldItem>& items,
                                   const std::vector<std::string>& wanted) {
  if (items.size() == 1) return wanted;
  std::vector<std::string> known;
  std::ranges::copy_if(wanted, std::back_inserter(known), [&](const std::string& word) {
    return item.kind->knows_policy(item.keys, word);
  });
  return known;
}

void check_wanted(const std::vector<WorldItem>& items, const std::vector<std::string>& wanted) {
  if (items.size() == 1) return;
  for (const std::string& word : wanted) {
    if (std::ranges::any_of(
            items, [&](const WorldItem& item) { return item.kind->knows_policy(item.keys, word); }))
      continue;
    std::vector<std::string> known;
    for (const WorldItem& item : items)
      for (const world::PolicyInfo& policy : item.kind->policies()) known.push_back(policy.name);
    const std::string near = base::nearest(word, known);
    throw Error({"--policies " + word, 0, 0, ""},
                "no world of this experiment has a policy called '" + word + "'" +
                    (near.empty() ? "; 'orrery list policies' lists them"
                                  : "; did you mean '" + near + "'?"));
  }
}

}  // namespace

Choices::Choices(Node document, const std::vector<std::string>& wanted, std::size_t most)
    : document_(std::move(document)), items_(world_items(document_)) {
  check_wanted(items_, wanted);
  for (const WorldItem& item : items_) {
    alternatives_.push_back(item.kind->alternatives(item.keys, wanted_of(item, items_, wanted)));
    assert(!alternatives_.back().chosen.empty());
    if (alternatives_.back().chosen.size() > most / size_)
      throw Error(document_.where, "stands for more than " + std::to_string(most) + " runs");
    size_ *= alternatives_.back().chosen.size();
  }
  std::vector<WorldItem> bare;
  for (std::size_t w = 0; w < items_.size(); ++w) {
    for (const std::string& key : alternatives_[w].replaced) base::erase_key(items_[w].keys, key);
    WorldItem item = items_[w];
    item.keys.entries.clear();
    bare.push_back(std::move(item));
  }
  document_ = with_items(std::move(document_), bare);
}

Node Choices::document(std::size_t number) const {
  std::vector<WorldItem> items = items_;
  for (std::size_t w = items.size(); w-- > 0; number /= alternatives_[w].chosen.size()) {
    Node& keys = items[w].keys;
    const auto& chosen = alternatives_[w].chosen[number % alternatives_[w].chosen.size()];
    keys.entries.insert(keys.entries.end(), chosen.begin(), chosen.end());
    unfold_item(keys, *items[w].kind);
  }
  return with_items(document_, items);
}

}  // namespace orrery::experiment
