#include "sim/experiment/expansion.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/experiment/uncertainty_option.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

[[noreturn]] void refuse_number(const base::Where& where) {
  throw Error(where, "stands for more than " + std::to_string(Expansion::kMostRuns) + " runs");
}

std::uint64_t seed_from(const Node& node) {
  base::ParameterInfo range;
  range.minimum = 0;
  range.maximum = 0x1p63;
  return static_cast<std::uint64_t>(base::detail::read_integer(node, range));
}

std::vector<std::uint64_t> seeds_of(const Node& document, const Narrowing& narrowing) {
  std::vector<std::uint64_t> seeds = narrowing.seeds;
  const Node* list = document.find("seeds");
  const Node* one = document.find("seed");
  if (!seeds.empty()) {
    list = nullptr;
  } else if (list != nullptr) {
    base::detail::check_sequence(*list);
    if (list->items.empty()) throw Error(list->where, "the list of seeds is empty");
    if (list->items.size() > Expansion::kMostRuns) refuse_number(list->where);
    for (const Node& item : list->items) seeds.push_back(seed_from(item));
  } else {
    seeds.push_back(one != nullptr ? seed_from(*one) : 1);
  }
  std::unordered_set<std::uint64_t> known;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    if (known.insert(seeds[i]).second) continue;
    const base::Where where =
        list != nullptr ? list->items[i].where : base::Where{"--seeds", 0, 0, ""};
    throw Error(where,
                "the seed " + std::to_string(seeds[i]) + " stands twice, expected each once");
  }
  return seeds;
}

/// Without the keys of the comparison as a whole.
Node of_runs(Node document) {
  base::erase_key(document, "seeds");
  base::erase_key(document, kUncertaintyKey);
  return document;
}

Node with_seed(Node document, std::uint64_t seed) {
  set_value(document, "seed", base::scalar_node(std::to_string(seed)), document.where);
  return document;
}

/// Throws where the labels of several worlds, joined, are too long for a directory.
void check_label(const std::string& label, const base::Where& where) {
  constexpr std::size_t kLongestLabel = 200;
  if (label.size() > kLongestLabel)
    throw Error(where, "the labels of its worlds' policies, joined, have " +
                           std::to_string(label.size()) + " letters, expected at most " +
                           std::to_string(kLongestLabel) + "; give policies a shorter 'label'");
}

/// Throws where the labels of several worlds, joined, name no directory of the run's own.
void check_directories(const std::vector<RunKey>& keys, const base::Where& where) {
  std::unordered_set<std::string> directories;
  for (const RunKey& key : keys)
    if (!directories.insert(key.directory).second)
      throw Error(where, "two runs are called '" + key.directory +
                             "' by the labels of their worlds' policies; give one of the policies "
                             "another 'label'");
}

/// The document as it stands, once its keys were found to be known.
const Node& checked(const Node& document) {
  check_top_keys(document);
  uncertainty_of(document);
  return document;
}

}  // namespace

Expansion::Expansion(const Node& document, const Narrowing& narrowing)
    : grid_(of_runs(checked(document)), kMostRuns),
      wanted_(narrowing.policies),
      seeds_(seeds_of(document, narrowing)) {
  FileHashes hashes;
  std::size_t choices = 0;
  for (std::size_t combination = 0; combination < grid_.size(); ++combination) {
    choices_before_.push_back(choices);
    choices_.emplace(grid_.document(combination), wanted_, kMostRuns);
    combination_ = combination;
    choices += choices_->size();
    if (choices * seeds_.size() > kMostRuns) refuse_number(document.where);
    const report::SweepPoint point = grid_.point(combination);
    for (std::size_t choice = choices_before_.back(); choice < choices; ++choice) {
      go_to(choice);
      const Experiment experiment = read_experiment(chosen_);
      const std::string label = experiment.label();
      check_label(label, document.where);
      for (std::string& path : named_paths(experiment)) inputs_.insert(std::move(path));
      const RunIds ids(chosen_, experiment, hashes);
      for (const std::uint64_t seed : seeds_)
        keys_.push_back({ids.of(seed), label, seed, point,
                         grid_.directory(combination) + label + "/" + std::to_string(seed)});
    }
  }
  check_directories(keys_, document.where);
}

void Expansion::go_to(std::size_t choice) {
  if (choice_ == choice) return;
  const auto after = std::ranges::upper_bound(choices_before_, choice);
  const auto combination = static_cast<std::size_t>(after - choices_before_.begin()) - 1;
  if (combination != combination_)
    choices_.emplace(grid_.document(combination), wanted_, kMostRuns);
  combination_ = combination;
  const Node document = choices_->document(choice - choices_before_[combination]);
  chosen_ = canonical(with_seed(document, seeds_.front()));
  choice_ = choice;
}

Node Expansion::document(std::size_t number) {
  go_to(choice_of(number));
  Node made = chosen_;
  made.find("seed")->text = std::to_string(keys_[number].seed);
  return made;
}

void require_single(const Expansion& points, const std::string& file) {
  if (points.size() == 1) return;
  throw Error({file, 0, 0, ""},
              "stands for " + std::to_string(points.size()) +
                  " runs (policies, seeds and sweep points); use 'orrery compare', or choose one "
                  "with --set");
}

}  // namespace orrery::experiment
