// The same experiment gives the same bytes: elsewhere, in another time zone and language, with
// more processes at once.
#include <doctest/doctest.h>

#include "tests/sim/app/command.hpp"

using orrery::app::test::deterministic_files;
using orrery::app::test::Folder;

namespace {

void write_experiment_with_outages(const Folder& folder, const std::string& below) {
  folder.write(below + "exp.yaml",
               "name: repeat\n"
               "cluster:\n"
               "  nodes: [{count: 3, gpu: a100-80g, gpus_per_node: 8}]\n"
               "  failures: {mtbf: 1 d, mttr: 2 h}\n"
               "workload: {generate: {philly: {jobs: 200, largest_gpus: 16}}}\n"
               "policy: {placement: consolidated}\n"
               "policies: [fifo, easy, srtf, las]\n"
               "restart_seconds: {1: 7, 8: 30, more: 60}\n"
               "checkpoint: {every: 30 min, write: 20 s}\n"
               "seeds: [1, 2]\n");
}

}  // namespace

TEST_CASE("results do not depend on folder, time zone, locale or processes at once") {
  const Folder here;
  write_experiment_with_outages(here, "");
  REQUIRE(here.orrery({"compare", "exp.yaml", "--out", "out", "--jobs", "1"}).code == 0);
  const auto first = deterministic_files(here.path() + "/out");
  REQUIRE(first.size() > 40);

  const Folder there;
  write_experiment_with_outages(there, "deeper/");
  REQUIRE(there
              .orrery({"compare", "deeper/exp.yaml", "--out", "elsewhere/out", "--jobs", "2"},
                      {"TZ=Pacific/Kiritimati", "LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8"})
              .code == 0);
  CHECK(first == deterministic_files(there.path() + "/elsewhere/out"));
}

TEST_CASE("a run alone gives the bytes of the same run in a comparison") {
  const Folder folder;
  write_experiment_with_outages(folder, "");
  REQUIRE(folder.orrery({"compare", "exp.yaml", "--out", "all", "--policies", "srtf"}).code == 0);
  REQUIRE(folder
              .orrery({"run", "exp.yaml", "--out", "one", "--no-report", "--set",
                       "policy.name=srtf", "--set", "seed=2"})
              .code == 0);
  CHECK(deterministic_files(folder.path() + "/one") ==
        deterministic_files(folder.path() + "/all/srtf/2"));
}
