#include "sim/experiment/expansion.hpp"

#include <algorithm>
#include <set>

#include "sim/experiment/document_paths.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/worlds/training/options/policy_choice.hpp"

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
  for (const char* const key : {"seed", "seeds", "policies", "sweep", "extends", "name"}) {
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

Node resolved(const Node& document, const Node& policy, std::uint64_t seed) {
  Node out = document;
  erase_key(out, "policies");
  erase_key(out, "seeds");
  set_value(out, "policy", policy, policy.where);
  set_value(out, "seed", base::scalar_node(std::to_string(seed)), document.where);
  return out;
}

}  // namespace

std::vector<RunPoint> expand(const Node& document, const Narrowing& narrowing) {
  base::detail::check_keys(document, schema().parameters);
  std::vector<GridPoint> grid = grid_of(document);
  name_directories(grid);
  const std::vector<std::uint64_t> seeds = seeds_of(document, narrowing);
  FileHashes hashes;
  std::vector<RunPoint> points;
  for (GridPoint& at : grid) {
    erase_key(at.document, "sweep");
    const std::vector<Node> policies = policies_of(at.document, narrowing.policies);
    if (points.size() + policies.size() * seeds.size() > kMostRuns)
      throw Error(document.where, "stands for more than " + std::to_string(kMostRuns) + " runs");
    for (const Node& policy : policies) {
      for (const std::uint64_t seed : seeds) {
        RunPoint point;
        point.document = canonical(resolved(at.document, policy, seed));
        const Experiment experiment = read_experiment(point.document);
        point.policy = experiment.policy.label;
        point.seed = seed;
        point.sweep = at.text;
        point.directory = at.directory + point.policy + "/" + std::to_string(seed);
        point.run_id = run_id(point.document, experiment, hashes);
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

const RunPoint& point_with_id(const std::vector<RunPoint>& points, std::size_t index,
                              const std::string& run_id) {
  if (index < points.size() && points[index].run_id == run_id) return points[index];
  throw Error({}, "the experiment or its trace changed while it was compared",
              base::Fault::run_failed);
}

}  // namespace orrery::experiment
