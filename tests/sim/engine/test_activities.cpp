// Activities and events together: order at one instant, the two clocks, cancelling, stopping.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/error.hpp"
#include "sim/engine/engine.hpp"
#include "sim/engine/simgrid_backend.hpp"
#include "tests/sim/engine/in_child.hpp"

namespace orrery::engine {
namespace {

using testing::expect;
using testing::expect_equal;
using testing::expect_near;
using testing::in_child;

// Two hosts of 10 flop/s and one link of 100 bytes/s between them.
Resources small_platform(double latency = 0) {
  return {{{"a", 10}, {"b", 10}}, {{"l", 100, latency}}};
}
std::vector<LinkId> the_link(HostId, HostId) {
  return {LinkId(0)};
}

TEST_CASE("two transfers on one link get half each, to the closed form") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          double first = 0;
          double second = 0;
          engine.at(3.0, Priority::timer, [&] {
            engine.start_transfer(HostId(0), HostId(1), 1000,
                                  [&] { first = engine.now_seconds(); });
          });
          engine.at(7.0, Priority::timer, [&] {
            engine.start_transfer(HostId(0), HostId(1), 250.5,
                                  [&] { second = engine.now_seconds(); });
          });
          expect(engine.run() == StopReason::exhausted, "the run ends");
          // The second has 50 bytes/s from 7 s; the first 400 bytes alone, then 50 bytes/s until
          // the second ends, then the whole link.
          expect_near(second, 7 + 250.5 / 50, 1e-9, "second");
          expect_near(first, 3 + (1000 + 250.5) / 100, 1e-9, "first");
        }) == "");
}

TEST_CASE("computations share their host, and latency comes before the flow") {
  CHECK(in_child([] {
          Engine engine(small_platform(0.5), the_link);
          std::vector<double> ends;
          const auto note = [&] { ends.push_back(engine.now_seconds()); };
          engine.start_compute(HostId(0), 100, note);
          engine.start_compute(HostId(0), 50, note);
          engine.start_compute(HostId(1), 20, note);
          engine.start_transfer(HostId(0), HostId(1), 100, note);
          expect(engine.activities_alive() == 4, "four alive");
          engine.run();
          expect(ends.size() == 4, "four ends");
          expect_near(ends.at(0), 1.5, 1e-9, "transfer");
          expect_near(ends.at(1), 2, 1e-9, "alone on b");
          expect_near(ends.at(2), 10, 1e-9, "shorter on a");
          expect_near(ends.at(3), 15, 1e-9, "longer on a");
          expect(engine.activities_alive() == 0, "none alive");
        }) == "");
}

TEST_CASE("a completion takes its place among the events of its instant") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          std::string order;
          for (const auto& [priority, letter] : {std::pair{Priority::arrival, 'a'},
                                                 {Priority::sample, 's'},
                                                 {Priority::failure, 'f'},
                                                 {Priority::departure, 'd'}}) {
            engine.at(2.0, priority, [&order, letter = letter] { order += letter; });
          }
          engine.start_transfer(HostId(0), HostId(1), 200, [&] {
            order += 'T';
            engine.at(engine.now_seconds(), Priority::pass, [&] { order += 'p'; });
          });
          engine.run();
          expect(order == "dTfaps", "order was " + order);
          expect_equal(engine.now_seconds(), 2.0, "end");
        }) == "");
}

// Fifty hosts with a link of 10 bytes/s each, so that nothing shares.
Resources separate_links() {
  Resources resources;
  for (int i = 0; i < 50; ++i) {
    resources.hosts.push_back({"h", 1});
    resources.links.push_back({"l", 10, 0});
  }
  return resources;
}
std::vector<LinkId> own_link(HostId from, HostId) {
  return {LinkId(from.index())};
}

TEST_CASE("completions of one instant run in the order of their starts") {
  CHECK(in_child([] {
          Engine engine(separate_links(), own_link);
          std::vector<int> order;
          for (int i = 0; i < 50; ++i) {
            const HostId host((static_cast<std::size_t>(i) * 17) % 50);
            engine.at(i, Priority::arrival, [&engine, &order, i, host] {
              engine.start_transfer(host, HostId(0), (100 - i) * 10.0,
                                    [&order, i] { order.push_back(i); });
            });
          }
          engine.run();
          expect_equal(engine.now_seconds(), 100, "one instant");
          expect(order.size() == 50, "all");
          expect(std::is_sorted(order.begin(), order.end()), "in order");
        }) == "");
}

TEST_CASE("ends two microseconds apart stay apart") {
  CHECK(in_child([] {
          Resources resources = separate_links();
          for (auto& link : resources.links) link.bytes_per_second = 1e6;
          Engine engine(resources, own_link);
          std::vector<double> ends(10);
          for (std::size_t i = 0; i < ends.size(); ++i) {
            engine.start_transfer(HostId(i), HostId(0), 5e5 + 2 * static_cast<double>(i),
                                  [&engine, &ends, i] { ends[i] = engine.now_seconds(); });
          }
          engine.run();
          for (std::size_t i = 0; i < ends.size(); ++i) {
            expect_near(ends[i], 0.5 + 2e-6 * static_cast<double>(i), 1e-9, "end");
          }
        }) == "");
}

TEST_CASE("events between starts and ends run at exactly the times they were given") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          double end = 0;
          engine.start_transfer(HostId(0), HostId(1), 1e6, [&] { end = engine.now_seconds(); });
          // Thirds have no exact double; SimGrid's clock, stepped through them, would round.
          int seen = 0;
          for (int i = 1; i <= 20000; ++i) {
            const double when = i / 3.0 + 1e-10 * i;
            engine.at(when, Priority::timer, [&engine, &seen, when] {
              ++seen;
              if (engine.now_seconds() != when) expect_equal(engine.now_seconds(), when, "event");
            });
          }
          // Every hundredth event also starts something that ends at once on another host.
          for (int i = 1; i <= 200; ++i) {
            engine.at(i * 33.3, Priority::timer,
                      [&] { engine.start_compute(HostId(1), 1e-3, [] {}); });
          }
          engine.run();
          expect(seen == 20000, "all events");
          expect_near(end, 1e4, 1e-9, "the transfer was not disturbed");
        }) == "");
}

TEST_CASE("after long stretches of own events SimGrid is re-entered, again and again") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          int ends = 0;
          for (int round = 0; round < 300; ++round) {
            const double start = 1e5 * round + 0.1;
            for (int i = 0; i < 20; ++i) {
              engine.at(start + 1000.0 + i, Priority::timer, [] {});
            }
            engine.at(start, Priority::timer, [&engine, &ends, start] {
              engine.start_transfer(HostId(0), HostId(1), 700, [&engine, &ends, start] {
                ++ends;
                expect_near(engine.now_seconds() - start, 7.0, 1e-8, "each lasts 7 s");
              });
            });
          }
          expect(engine.run() == StopReason::exhausted, "the run ends");
          expect(ends == 300, "all of them");
        }) == "");
}

TEST_CASE("a cancelled transfer gives its share back at that instant and never ends") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          double end = 0;
          engine.start_transfer(HostId(0), HostId(1), 1000, [&] { end = engine.now_seconds(); });
          const ActivityId victim = engine.start_transfer(
              HostId(0), HostId(1), 1000, [] { expect(false, "the cancelled one ended"); });
          engine.at(4.0, Priority::timer, [&] { engine.cancel(victim); });
          engine.at(5.0, Priority::timer, [&] { engine.cancel(victim); });
          engine.run();
          // 200 bytes in the first 4 s, then alone.
          expect_near(end, 4 + 8, 1e-9, "the other");
        }) == "");
}

TEST_CASE("cancelling the last one, in its own instant or while it pays latency, ends the run") {
  CHECK(in_child([] {
          Engine engine(small_platform(1.0), the_link);
          const auto never = [] { expect(false, "ended"); };
          const ActivityId waiting = engine.start_transfer(HostId(0), HostId(1), 100, never);
          engine.at(0.5, Priority::timer, [&] { engine.cancel(waiting); });
          ActivityId second;
          engine.at(1.0, Priority::timer,
                    [&] { second = engine.start_transfer(HostId(0), HostId(1), 100, never); });
          engine.at(3.0, Priority::departure, [&] { engine.cancel(second); });
          expect(engine.run() == StopReason::exhausted, "the run ends");
          expect_equal(engine.now_seconds(), 3.0, "at the last event");
          expect(engine.activities_alive() == 0, "none alive");
        }) == "");
}

TEST_CASE("a horizon and a stop in the middle of a transfer lose nothing") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          double end = 0;
          engine.start_transfer(HostId(0), HostId(1), 1000, [&] { end = engine.now_seconds(); });
          engine.at(6.0, Priority::timer, [&] { engine.stop(); });
          expect(engine.run(2.5) == StopReason::horizon, "horizon");
          expect_equal(engine.now_seconds(), 2.5, "clock at the horizon");
          engine.start_transfer(HostId(0), HostId(1), 100, [] {});
          expect(engine.run() == StopReason::stopped, "stopped");
          expect_equal(engine.now_seconds(), 6.0, "clock at the stop");
          expect(engine.run() == StopReason::exhausted, "exhausted");
          expect_near(end, 11, 1e-9, "end");
        }) == "");
}

TEST_CASE("an exception from a completion leaves run, and the engine can go on") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          double end = 0;
          engine.start_transfer(HostId(0), HostId(1), 100,
                                [] { throw std::runtime_error("from a completion"); });
          engine.start_transfer(HostId(0), HostId(1), 500, [&] { end = engine.now_seconds(); });
          std::string caught;
          try {
            engine.run();
          } catch (const std::runtime_error& error) {
            caught = error.what();
          }
          expect(caught == "from a completion", "caught: " + caught);
          expect(engine.activities_alive() == 1, "the other lives");
          engine.run();
          expect_near(end, 6, 1e-9, "the other ends");
        }) == "");
}

TEST_CASE("transfers may start transfers from their completions") {
  CHECK(in_child([] {
          Engine engine(small_platform(), the_link);
          int hops = 0;
          std::function<void()> next = [&] {
            if (++hops < 1000) engine.start_transfer(HostId(0), HostId(1), 10, next);
          };
          engine.start_transfer(HostId(0), HostId(1), 10, next);
          engine.run();
          expect(hops == 1000, "all hops");
          expect_near(engine.now_seconds(), 100, 1e-9, "0.1 s each");
        }) == "");
}

TEST_CASE("the program's handling of Ctrl-C and of crashes survives SimGrid") {
  CHECK(in_child([] {
          const auto mine = [](int) {};
          std::signal(SIGINT, mine);
          std::signal(SIGSEGV, SIG_DFL);
          Engine engine(small_platform(), the_link);
          engine.start_transfer(HostId(0), HostId(1), 100, [] {});
          engine.run();
          expect(std::signal(SIGINT, SIG_DFL) == static_cast<void (*)(int)>(mine), "Ctrl-C");
          expect(std::signal(SIGSEGV, SIG_DFL) == SIG_DFL, "crashes");
        }) == "");
}

TEST_CASE("a second engine with activities in one process is refused in words") {
  CHECK(in_child([] {
          {
            Engine first(small_platform(), the_link);
            first.start_transfer(HostId(0), HostId(1), 100, [] {});
            first.run(0.25);
          }
          Engine second(small_platform(), the_link);
          try {
            second.start_transfer(HostId(0), HostId(1), 100, [] {});
            expect(false, "not refused");
          } catch (const base::Error& error) {
            expect(error.fault() == base::Fault::run_failed, "fault");
            expect(error.sentence().find("process") != std::string::npos, error.sentence());
          }
        }) == "");
}

TEST_CASE("the child of a case reports failures, exceptions and crashes") {
  CHECK(in_child([] { expect(false, "this"); }) == "check failed: this\n");
  CHECK(in_child([] { throw std::runtime_error("that"); }) == "exception: that\n");
  CHECK(in_child([] { std::abort(); }) == "killed by signal 6\n");
  CHECK_FALSE(SimgridBackend::existed());
}

}  // namespace
}  // namespace orrery::engine
