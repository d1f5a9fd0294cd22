#include "sim/experiment/expansion.hpp"

#include <algorithm>
#include <set>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace {

using base::Error;
using base::Node;

constexpr std::size_t kMostRuns = 10'000;
constexpr std::size_t kLongestDirectory = 100;

/// One combination of the sweep's values.
struct GridPoint {
  Node document;
  std::string text;
  std::string directory;
};

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

std::vector<GridPoint> grid_of(const Node& document) {
  std::vector<GridPoint> grid{{document, "", ""}};
  const Node* sweep = document.find("sweep");
  if (sweep == nullptr) return grid;
  base::detail::check_mapping(*sweep);
  for (const base::Entry& axis : sweep->entries) {
    check_sweep_key(axis);
    std::vector<GridPoint> next;
    for (const GridPoint& point : grid) {
      for (std::size_t i = 0; i < axis.value.items.size(); ++i) {
        const Node& value = axis.value.items[i];
        GridPoint& made = next.emplace_back(point);
        set_value(made.document, axis.key, value, value.where);
        made.text += (made.text.empty() ? "" : ",") + axis.key + "=" + value_text(value, i);
      }
      if (next.size() > kMostRuns) {
        throw Error(sweep->where,
                    "the sweep has more than " + std::to_string(kMostRuns) + " combinations");
      }
    }
    grid = std::move(next);
  }
  return grid;
}

/// Each combination gets a directory of its own, readable where it is short enough.
void name_directories(std::vector<GridPoint>& grid) {
  std::set<std::string> used;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (grid[i].text.empty()) continue;
    std::string name = directory_name(grid[i].text);
    if (name.size() > kLongestDirectory || !used.insert(name).second) {
      name = "point-" + std::to_string(i + 1);
      used.insert(name);
    }
    grid[i].directory = name + "/";
  }
}

std::vector<std::uint64_t> seeds_of(const Node& document, const Narrowing& narrowing) {
  std::vector<std::uint64_t> seeds = narrowing.seeds;
  const Node* list = document.find("seeds");
  const Node* one = document.find("seed");
  base::ParameterInfo range;
  range.minimum = 0;
  range.maximum = 0x1p63;
  if (!seeds.empty()) {
    list = nullptr;
  } else if (list != nullptr) {
    base::detail::check_sequence(*list);
    for (const Node& item : list->items)
      seeds.push_back(static_cast<std::uint64_t>(base::detail::read_integer(item, range)));
    if (seeds.empty()) throw Error(list->where, "the list of seeds is empty");
  } else if (one != nullptr) {
    seeds.push_back(static_cast<std::uint64_t>(base::detail::read_integer(*one, range)));
  } else {
    seeds.push_back(1);
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    if (std::find(seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(i), seeds[i]) ==
        seeds.begin() + static_cast<std::ptrdiff_t>(i))
      continue;
    const base::Where where =
        list != nullptr ? list->items[i].where : base::Where{"--seeds", 0, 0, ""};
    throw Error(where,
                "the seed " + std::to_string(seeds[i]) + " stands twice, expected each once");
  }
  return seeds;
}

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

/// The documents that one stands for by the alternatives of its worlds, the first world's changing
/// slowest.
std::vector<Node> alternatives_of(const Node& document, const std::vector<std::string>& wanted) {
  const std::vector<WorldItem> items = world_items(document);
  check_wanted(items, wanted);
  std::vector<std::vector<WorldItem>> chosen{{}};
  for (const WorldItem& item : items) {
    std::vector<std::vector<WorldItem>> next;
    for (Node& keys : item.kind->alternatives(item.keys, wanted_of(item, items, wanted))) {
      WorldItem& one = next.emplace_back(std::vector<WorldItem>{item}).front();
      one.keys = std::move(keys);
      unfold_item(one.keys, *one.kind);
    }
    std::vector<std::vector<WorldItem>> all;
    for (const auto& before : chosen)
      for (const auto& one : next) {
        all.push_back(before);
        all.back().push_back(one.front());
      }
    if (all.size() > kMostRuns)
      throw Error(document.where, "stands for more than " + std::to_string(kMostRuns) + " runs");
    chosen = std::move(all);
  }
  std::vector<Node> documents;
  for (const std::vector<WorldItem>& choice : chosen)
    documents.push_back(with_items(document, choice));
  return documents;
}

/// Throws where the labels of several worlds, joined, name no directory of the run's own.
void check_directory(const RunPoint& point, const std::set<std::string>& directories,
                     const base::Where& where) {
  constexpr std::size_t kLongestLabel = 200;
  if (point.policy.size() > kLongestLabel)
    throw Error(where, "the labels of its worlds' policies, joined, have " +
                           std::to_string(point.policy.size()) + " letters, expected at most " +
                           std::to_string(kLongestLabel) + "; give policies a shorter 'label'");
  if (directories.contains(point.directory))
    throw Error(where, "two runs are called '" + point.directory +
                           "' by the labels of their worlds' policies; give one of the policies "
                           "another 'label'");
}

Node with_seed(Node document, std::uint64_t seed) {
  base::erase_key(document, "seeds");
  set_value(document, "seed", base::scalar_node(std::to_string(seed)), document.where);
  return document;
}

}  // namespace

std::vector<RunPoint> expand(const Node& document, const Narrowing& narrowing) {
  check_top_keys(document);
  std::vector<GridPoint> grid = grid_of(document);
  name_directories(grid);
  const std::vector<std::uint64_t> seeds = seeds_of(document, narrowing);
  FileHashes hashes;
  std::vector<RunPoint> points;
  std::set<std::string> directories;
  for (GridPoint& at : grid) {
    base::erase_key(at.document, "sweep");
    const std::vector<Node> chosen = alternatives_of(at.document, narrowing.policies);
    if (points.size() + chosen.size() * seeds.size() > kMostRuns)
      throw Error(document.where, "stands for more than " + std::to_string(kMostRuns) + " runs");
    for (const Node& choice : chosen) {
      for (const std::uint64_t seed : seeds) {
        RunPoint point;
        point.document = canonical(with_seed(choice, seed));
        const Experiment experiment = read_experiment(point.document);
        point.policy = experiment.label();
        point.seed = seed;
        point.sweep = at.text;
        point.directory = at.directory + point.policy + "/" + std::to_string(seed);
        point.run_id = run_id(point.document, experiment, hashes);
        check_directory(point, directories, document.where);
        directories.insert(point.directory);
        points.push_back(std::move(point));
      }
    }
  }
  return points;
}

void require_single(const std::vector<RunPoint>& points, const std::string& file) {
  if (points.size() == 1) return;
  throw Error({file, 0, 0, ""},
              "stands for " + std::to_string(points.size()) +
                  " runs (policies, seeds and sweep points); use 'orrery compare', or choose one "
                  "with --set");
}

}  // namespace orrery::experiment
