#include "sim/experiment/validation.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "models/base/document_paths.hpp"
#include "models/base/hash.hpp"
#include "models/base/opened_files.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace {

/// The same text for runs whose worlds read the same and stand on the same platform; `draws` where
/// that depends on their seed.
std::string input_text(base::Node document, bool& draws) {
  std::vector<WorldItem> items = world_items(document);
  draws = false;
  for (WorldItem& item : items) {
    base::erase_key(item.keys, "policy");
    draws = draws || item.kind->draws_inputs(item.keys);
  }
  document = with_items(std::move(document), items);
  if (!draws) base::erase_key(document, "seed");
  return base::to_yaml(document);
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

void InputChecks::check(std::size_t number) {
  check_within(number, points_.size());
}

void InputChecks::check_first(std::size_t most) {
  for (std::size_t number = 0; number < points_.size(); ++number)
    if (!check_within(number, most)) return;
}

void InputChecks::check_all() {
  check_first(points_.size());
}

bool InputChecks::check_within(std::size_t number, std::size_t most) {
  if (checked_[number]) return true;
  const auto input = input_of(number, most);
  if (!input) return false;
  ++inputs_[*input].runs;
  points_.set_run_id(number, with_opened(points_[number].run_id, inputs_[*input].opened));
  checked_[number] = true;
  return true;
}

std::optional<std::size_t> InputChecks::input_of(std::size_t number, std::size_t most) {
  const std::size_t choice = points_.choice_of(number);
  if (choice_ == choice) return input_;
  bool draws = false;
  const std::string key = base::sha256_hex(input_text(points_.document(number), draws));
  auto found = known_.find(key);
  if (found == known_.end()) {
    if (inputs_.size() >= most) return std::nullopt;
    inputs_.push_back(build(points_.document(number)));
    found = known_.emplace(key, inputs_.size() - 1).first;
  }
  choice_.reset();
  if (!draws) {
    choice_ = choice;
    input_ = found->second;
  }
  return found->second;
}

CheckedInput InputChecks::build(const base::Node& document) {
  const base::OpenedFiles opened;
  const PreparedRun run(document);
  CheckedInput input;
  input.opened = unnamed_files(run.experiment, opened.paths(), hashes_);
  for (std::size_t w = 0; w < run.worlds.size(); ++w) {
    const std::string folder = run.folder_of(w);
    input.contents +=
        (w > 0 ? ", " : "") + (folder.empty() ? "" : folder + ": ") + run.worlds[w]->contents();
  }
  input.nodes = run.platform.inventory.nodes.size();
  input.gpus = run.platform.inventory.gpus;
  return input;
}

std::string to_text(const Expansion& points, const std::vector<CheckedInput>& inputs) {
  std::set<std::string> policies;
  std::set<std::uint64_t> seeds;
  std::set<std::string> sweeps;
  for (std::size_t i = 0; i < points.size(); ++i) {
    policies.insert(points[i].policy);
    seeds.insert(points[i].seed);
    sweeps.insert(report::point_text(points[i].point));
  }
  std::string out = "OK: " + counted(points.size(), "run");
  if (points.size() > 1) {
    out +=
        fmt::format(" ({} x {}",
                    policies.size() == 1 ? "1 policy" : fmt::format("{} policies", policies.size()),
                    counted(seeds.size(), "seed"));
    if (sweeps.size() > 1) out += " x " + counted(sweeps.size(), "sweep point");
    out += ")";
  }
  out += '\n';
  for (const CheckedInput& input : inputs) {
    out += fmt::format("  {}: {} on {} with {} GPUs\n", counted(input.runs, "run"), input.contents,
                       counted(input.nodes, "node"), input.gpus);
  }
  return out;
}

}  // namespace orrery::experiment
