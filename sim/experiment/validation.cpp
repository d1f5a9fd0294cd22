#include "sim/experiment/validation.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "sim/experiment/document_paths.hpp"
#include "sim/experiment/prepared_run.hpp"

namespace orrery::experiment {

namespace {

/// The same text for runs whose jobs and nodes are the same.
std::string input_of(const RunPoint& point) {
  base::Node document = point.document;
  erase_key(document, "policy");
  // Jobs depend on the seed only where they are generated.
  if (find_at(document, "workload.generate") == nullptr) erase_key(document, "seed");
  return base::to_yaml(document);
}

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::vector<CheckedInput> check_inputs(const std::vector<RunPoint>& points) {
  std::map<std::string, std::size_t> known;
  std::vector<CheckedInput> inputs;
  for (const RunPoint& point : points) {
    const auto [at, added] = known.emplace(input_of(point), inputs.size());
    if (added) {
      const PreparedRun run(point.document);
      inputs.push_back({0, run.workload.jobs.size(), run.workload.skipped_rows,
                        run.inventory.nodes.size(), run.inventory.gpus});
    }
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
    out += fmt::format("  {}: {} on {} with {} GPUs", counted(input.runs, "run"),
                       counted(input.jobs, "job"), counted(input.nodes, "node"), input.gpus);
    if (input.skipped_rows > 0) out += fmt::format(", {} bad rows skipped", input.skipped_rows);
    out += '\n';
  }
  return out;
}

}  // namespace orrery::experiment
