#include "sim/experiment/validation.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "models/base/document_paths.hpp"
#include "models/base/opened_files.hpp"
#include "sim/experiment/prepared_run.hpp"
#include "sim/experiment/run_id.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace {

/// The same text for runs whose worlds read the same and stand on the same platform.
std::string input_of(const RunPoint& point) {
  base::Node document = point.document;
  std::vector<WorldItem> items = world_items(document);
  bool draws = false;
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

std::vector<CheckedInput> check_inputs(std::vector<RunPoint>& points) {
  std::map<std::string, std::size_t> known;
  std::vector<CheckedInput> inputs;
  FileHashes hashes;
  for (RunPoint& point : points) {
    const auto [at, added] = known.emplace(input_of(point), inputs.size());
    if (added) {
      const base::OpenedFiles opened;
      const PreparedRun run(point.document);
      CheckedInput& input = inputs.emplace_back();
      input.opened = unnamed_files(run.experiment, opened.paths(), hashes);
      for (std::size_t w = 0; w < run.worlds.size(); ++w) {
        const std::string folder = run.folder_of(w);
        input.contents +=
            (w > 0 ? ", " : "") + (folder.empty() ? "" : folder + ": ") + run.worlds[w]->contents();
      }
      input.nodes = run.platform.inventory.nodes.size();
      input.gpus = run.platform.inventory.gpus;
    }
    point.run_id = with_opened(point.run_id, inputs[at->second].opened);
    ++inputs[at->second].runs;
  }
  return inputs;
}

std::string to_text(const std::vector<RunPoint>& points, const std::vector<CheckedInput>& inputs) {
  std::set<std::string> policies;
  std::set<std::uint64_t> seeds;
  std::set<std::string> sweeps;
  for (const RunPoint& point : points) {
    policies.insert(point.policy);
    seeds.insert(point.seed);
    sweeps.insert(point.sweep);
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
