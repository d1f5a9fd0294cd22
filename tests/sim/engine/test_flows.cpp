// Flows without an end: shares to the closed form, in place, beside transfers, and against weighted
// progressive filling.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "models/base/random.hpp"
#include "sim/engine/engine.hpp"
#include "tests/models/network/progressive_filling.hpp"
#include "tests/sim/engine/in_child.hpp"

namespace orrery::engine {
namespace {

using testing::expect;
using testing::expect_equal;
using testing::expect_near;
using testing::in_child;

constexpr LinkId kA = LinkId(0);
constexpr LinkId kB = LinkId(1);

Resources links_of(const std::vector<double>& capacity) {
  Resources resources{{{"a", 1}, {"b", 1}}, {}};
  for (const double rate : capacity) resources.links.push_back({"l", rate, 0});
  return resources;
}
std::vector<LinkId> over_a(HostId, HostId) {
  return {kA};
}

TEST_CASE("two flows on one link get half each, and the one that stays gets all") {
  CHECK(in_child([] {
          Engine engine(links_of({12.5e9}));
          const FlowId first = engine.start_flow({kA});
          expect_near(engine.flow_rate(first), 12.5e9, 1e-12, "alone");
          engine.at(1e6 / 3, Priority::arrival, [&] {
            const FlowId second = engine.start_flow({kA});
            expect_near(engine.flow_rate(first), 6.25e9, 1e-12, "first");
            expect_near(engine.flow_rate(second), 6.25e9, 1e-12, "second");
            engine.stop_flow(first);
            expect_near(engine.flow_rate(second), 12.5e9, 1e-12, "at the same instant");
          });
          expect(engine.run() == StopReason::exhausted, "flows do not keep a run alive");
          expect_equal(engine.now_seconds(), 1e6 / 3, "nor move its end");
          expect(engine.flows_alive() == 1, "one alive");
          engine.stop_flow(first);
          expect(engine.flows_alive() == 1, "stopped flows stay stopped");
        }) == "");
}

TEST_CASE("a flow twice over A, one over A and B and one over B get 1/3, 1/3 and 2/3") {
  CHECK(in_child([] {
          Engine engine(links_of({1, 1}));
          const FlowId twice = engine.start_flow({kA, kA});
          const FlowId both = engine.start_flow({kA, kB});
          const FlowId once = engine.start_flow({kB});
          expect_near(engine.flow_rate(twice), 1.0 / 3, 1e-12, "twice over A");
          expect_near(engine.flow_rate(both), 1.0 / 3, 1e-12, "over A and B");
          expect_near(engine.flow_rate(once), 2.0 / 3, 1e-12, "over B");
        }) == "");
}

TEST_CASE("flows and transfers share a link, and a transfer ends to the second") {
  CHECK(in_child([] {
          Engine engine(links_of({100, 100}), over_a);
          double end = 0;
          const FlowId flow = engine.start_flow({kA});
          FlowId other;
          engine.start_transfer(HostId(0), HostId(1), 1000, [&] {
            end = engine.now_seconds();
            expect_near(engine.flow_rate(other), 100, 1e-12, "when the transfer is over");
          });
          engine.at(4, Priority::timer, [&] {
            expect_near(engine.flow_rate(flow), 50, 1e-12, "beside the transfer");
            other = engine.start_flow({kA, kB});
          });
          engine.at(7, Priority::timer, [&] { engine.stop_flow(flow); });
          engine.run();
          // 50 bytes/s until 4 s, 100/3 until 7 s, then half again: 200 + 100 of 1000 bytes.
          expect_near(end, 7 + 700.0 / 50, 1e-9, "end of the transfer");
        }) == "");
}

TEST_CASE("years of flows cost no precision and no date of SimGrid") {
  CHECK(in_child([] {
          Engine engine(links_of({100e9, 1}), over_a);
          const FlowId flow = engine.start_flow({kA});
          int ran = 0;
          for (int year = 1; year <= 30; ++year) {
            engine.at(year * 31'557'600.0, Priority::timer, [&] {
              ++ran;
              engine.stop_flow(engine.start_flow({kA, kB}));
              expect_near(engine.flow_rate(flow), 100e9, 1e-12, "rate");
            });
          }
          expect(engine.run() == StopReason::exhausted, "ends");
          expect(ran == 30, "all ran");
          double end = 0;
          engine.start_transfer(HostId(0), HostId(1), 50e9, [&] { end = engine.now_seconds(); });
          engine.run();
          expect_near(end, 30 * 31'557'600.0 + 1, 1e-15, "a transfer after thirty years");
        }) == "");
}

// Changes of one instant, at many instants, each compared with the reference.
void compare_one_fabric(std::uint64_t seed, Engine& engine, std::span<const double> capacity,
                        std::size_t first_link) {
  base::RandomStream random(seed, "fabric");
  struct Alive {
    FlowId id;
    std::vector<models::Crossing> crossings;
  };
  std::vector<Alive> alive;
  for (int change = 0; change < 4; ++change) {
    std::vector<Alive> kept;
    for (Alive& flow : alive) {
      if (random.below(3) == 0) {
        engine.stop_flow(flow.id);
      } else {
        kept.push_back(std::move(flow));
      }
    }
    alive = std::move(kept);
    for (std::uint64_t starts = 1 + random.below(16); starts > 0; --starts) {
      std::vector<LinkId> links;
      std::vector<models::Crossing> crossings;
      for (std::uint64_t hops = 1 + random.below(12); hops > 0; --hops) {
        const std::size_t link = random.below(capacity.size());
        links.push_back(LinkId(first_link + link));
        crossings.push_back({static_cast<std::uint32_t>(link), 1});
      }
      alive.push_back({engine.start_flow(links), models::joined(crossings)});
    }
    std::vector<const std::vector<models::Crossing>*> flows;
    for (const Alive& flow : alive) flows.push_back(&flow.crossings);
    const std::vector<double> wanted = orrery::testing::max_min_rates(capacity, flows);
    for (std::size_t f = 0; f < alive.size(); ++f) {
      expect_near(engine.flow_rate(alive[f].id), wanted[f], 1e-9,
                  fmt::format("seed {} change {} flow {}", seed, change, f));
    }
  }
  for (const Alive& flow : alive) engine.stop_flow(flow.id);
}

TEST_CASE("a thousand random fabrics agree with weighted progressive filling to 1e-9") {
  CHECK(in_child([] {
          // One engine per process: the fabrics are pieces of one platform, of 8 to 24 links each,
          // over four orders of magnitude.
          base::RandomStream random(1, "capacities");
          std::vector<double> capacity;
          std::vector<std::size_t> first{0};
          for (int fabric = 0; fabric < 1000; ++fabric) {
            for (std::uint64_t links = 8 + random.below(17); links > 0; --links)
              capacity.push_back(std::pow(10.0, 4 + 7 * random.uniform()));
            first.push_back(capacity.size());
          }
          Engine engine(links_of(capacity));
          for (std::size_t fabric = 0; fabric < 1000; ++fabric) {
            const std::size_t links = first[fabric + 1] - first[fabric];
            engine.at(static_cast<double>(fabric) / 3, Priority::timer, [&, fabric, links] {
              compare_one_fabric(fabric, engine, std::span(capacity).subspan(first[fabric], links),
                                 first[fabric]);
            });
          }
          engine.run();
        }) == "");
}

}  // namespace
}  // namespace orrery::engine
