#include "sim/experiment/explanation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "sim/report/run_summary.hpp"
#include "sim/world/world.hpp"

namespace orrery::experiment {

std::string explain(const std::string& directory, const std::string& subject) {
  if (!std::filesystem::is_regular_file(directory + "/summary.json"))
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory written by 'orrery run', found no summary.json in it "
                      "(of a comparison, name one of its runs: DIR/POLICY/SEED)");
  const report::RunSummary run = report::read_run(directory);
  if (run.several()) {
    std::vector<std::string> folders;
    for (const report::WorldResult& world : run.worlds)
      folders.push_back(directory + "/" + report::folder_of(run, world));
    throw base::Error(
        {directory, 0, 0, ""},
        fmt::format("holds a run of several worlds; expected one of {}", fmt::join(folders, ", ")));
  }
  const world::WorldKind& kind =
      world::kinds().named(run.worlds.front().kind, {directory + "/summary.json", 0, 0, "kind"});
  return kind.explain(directory, subject);
}

}  // namespace orrery::experiment
