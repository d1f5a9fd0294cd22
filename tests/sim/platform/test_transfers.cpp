// Transfers and jobs of any world share links by the closed forms of max-min fairness.
#include <doctest/doctest.h>

#include "sim/platform/platform.hpp"
#include "tests/sim/engine/in_child.hpp"

namespace {

using namespace orrery;
using engine::testing::expect_near;
using engine::testing::in_child;
using platform::NodeId;

platform::PlatformConfig config(platform::Network network) {
  platform::PlatformConfig config;
  config.network = network;
  config.contention = models::Contention::always;
  config.nodes.emplace_back();
  config.nodes.back().count = 4;
  config.nodes.back().cores = 8;
  config.fabric.nic_bytes_per_second = 1e9;
  config.fabric.latency_seconds = 1e-3;
  return config;
}

/// A job that does nothing but send from node `from` to node `to`.
models::JobTraffic sending(const platform::Platform& platform, std::size_t from, std::size_t to) {
  models::CommunicationPhase phase;
  phase.bytes = 1e9;
  for (const engine::LinkId link : platform.fabric.route(NodeId(from), NodeId(to)))
    phase.crossings.push_back({static_cast<std::uint32_t>(link.index()), 1});
  phase.crossings = models::joined(std::move(phase.crossings));
  models::JobTraffic traffic;
  traffic.phases.push_back(std::move(phase));
  return traffic;
}

}  // namespace

TEST_CASE("an isolated transfer takes its latencies and its bytes at the slowest link") {
  platform::Platform platform(config(platform::Network::isolated), 1);
  double end = -1;
  platform.transfers.start(NodeId(0), NodeId(1), 2e9, [&] { end = platform.engine.now_seconds(); });
  platform.engine.run();
  CHECK(end == doctest::Approx(2.002).epsilon(1e-12));
}

TEST_CASE("a transfer on one node takes no time") {
  platform::Platform platform(config(platform::Network::isolated), 1);
  double end = -1;
  platform.transfers.start(NodeId(2), NodeId(2), 2e9, [&] { end = platform.engine.now_seconds(); });
  platform.engine.run();
  CHECK(end == 0);
}

TEST_CASE("a cancelled transfer never arrives") {
  platform::Platform platform(config(platform::Network::isolated), 1);
  const auto transfer = platform.transfers.start(NodeId(0), NodeId(1), 2e9, [] { CHECK(false); });
  platform.engine.at(1, engine::Priority::timer, [&] { platform.transfers.cancel(transfer); });
  platform.engine.run();
  CHECK(platform.transfers.alive() == 0);
}

TEST_CASE("a transfer alone on a shared fabric takes as long as on an isolated one") {
  CHECK(in_child([] {
          platform::Platform platform(config(platform::Network::shared), 1);
          double end = -1;
          platform.transfers.start(NodeId(0), NodeId(1), 2e9,
                                   [&] { end = platform.engine.now_seconds(); });
          platform.engine.run();
          expect_near(end, 2.002, 1e-12, "alone");
        }) == "");
}

TEST_CASE("two transfers out of one node take half its rate each, then the whole") {
  CHECK(in_child([] {
          platform::Platform platform(config(platform::Network::shared), 1);
          double first = -1;
          double second = -1;
          platform.transfers.start(NodeId(0), NodeId(1), 1e9,
                                   [&] { first = platform.engine.now_seconds(); });
          platform.transfers.start(NodeId(0), NodeId(2), 3e9,
                                   [&] { second = platform.engine.now_seconds(); });
          platform.engine.run();
          expect_near(first, 0.002 + 2, 1e-9, "1 GB at half of 1 GB/s");
          expect_near(second, 0.002 + 2 + 2, 1e-9, "1 GB at half the rate, 2 GB at all of it");
        }) == "");
}

TEST_CASE("a transfer slows a job of another world, and the job slows it") {
  CHECK(in_child([] {
          platform::Platform platform(config(platform::Network::shared), 1);
          std::vector<std::pair<double, double>> told;
          const auto member = platform.shares->join(sending(platform, 0, 3), [&](double slowdown) {
            told.emplace_back(platform.engine.now_seconds(), slowdown);
          });
          double end = -1;
          platform.transfers.start(NodeId(0), NodeId(1), 1e9, [&] {
            end = platform.engine.now_seconds();
            platform.engine.at(end + 1, engine::Priority::timer,
                               [&] { platform.shares->leave(member); });
          });
          platform.engine.run();
          expect_near(end, 0.002 + 2, 1e-9, "half the rate beside the job");
          engine::testing::expect(told.size() == 2, "the job is told twice");
          expect_near(told.at(0).second, 2, 1e-9, "the job runs at half its rate");
          expect_near(told.at(1).first, end, 1e-12, "until the transfer is over");
          expect_near(told.at(1).second, 1, 1e-9, "then alone");
        }) == "");
}
