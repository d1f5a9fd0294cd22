// The open queue alone on a platform meets M/M/c.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>

#include "sim/experiment/prepared_run.hpp"
#include "tests/sim/app/command.hpp"

namespace {

using orrery::app::test::Folder;
namespace world = orrery::world;

/// Erlang's C: the mean wait of M/M/c at unit service rate.
double erlang_c_wait(int servers, double arrivals) {
  double blocking = 1;
  for (int c = 1; c <= servers; ++c) blocking = arrivals * blocking / (c + arrivals * blocking);
  const double utilisation = arrivals / servers;
  const double delayed = blocking / (1 - utilisation * (1 - blocking));
  return delayed / (servers - arrivals);
}

double mean_wait(int servers, double arrivals, std::uint64_t seed) {
  const std::string text =
      "name: theory\nkind: queue\nplatform: {nodes: [{count: 2, gpu: p100, gpus_per_node: 4}]}\n"
      "interarrival: " +
      std::to_string(1 / arrivals) +
      " s\nservice: 1 s\nrequests: 60000\n"
      "servers: " +
      std::to_string(servers) + "\nseed: " + std::to_string(seed) + "\n";
  const Folder folder;
  orrery::experiment::PreparedRun run(orrery::base::parse_yaml(text, "theory.yaml"));
  run.record({}, orrery::base::ResultFolder(folder.path()));
  run.start();
  run.platform.engine.run();
  const world::Section section = run.worlds.front()->finish({});
  return *section.figures.front().value;
}

void judge(int servers, double arrivals) {
  constexpr int kReplications = 30;
  double sum = 0;
  double squares = 0;
  for (std::uint64_t seed = 1; seed <= kReplications; ++seed) {
    const double wait = mean_wait(servers, arrivals, seed);
    sum += wait;
    squares += wait * wait;
  }
  const double mean = sum / kReplications;
  const double error = std::sqrt((squares - sum * mean) / (kReplications - 1) / kReplications);
  const double theory = erlang_c_wait(servers, arrivals);
  constexpr double kStudent = 2.045;  // 97.5 % with 29 degrees of freedom
  std::printf("M/M/%d: mean wait %.4f s, 95 %% interval +- %.4f s, theory %.4f s, off %+.2f %%\n",
              servers, mean, kStudent * error, theory, 100 * (mean / theory - 1));
  CHECK(error <= 0.01 * mean);
  CHECK(std::abs(mean - theory) <= kStudent * error);
}

}  // namespace

TEST_CASE("a queue of one server waits as M/M/1") {
  judge(1, 0.6);
}

TEST_CASE("a queue of four servers waits as M/M/4" * doctest::test_suite("accuracy")) {
  judge(4, 2.8);
}
