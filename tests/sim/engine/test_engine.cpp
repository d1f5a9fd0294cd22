#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/error.hpp"
#include "sim/engine/engine.hpp"
#include "sim/engine/simgrid_backend.hpp"

namespace orrery::engine {
namespace {

TEST_CASE("at one instant: departures, failures, arrivals, timers, the pass, samples") {
  Engine engine;
  std::string order;
  const auto note = [&](Priority priority, char letter) {
    engine.at(5.0, priority, [&order, letter] { order += letter; });
  };
  note(Priority::sample, 's');
  note(Priority::pass, 'p');
  note(Priority::timer, 't');
  note(Priority::arrival, 'a');
  note(Priority::failure, 'f');
  note(Priority::departure, 'd');
  note(Priority::arrival, 'A');
  CHECK(engine.run() == StopReason::exhausted);
  CHECK(order == "dfaAtps");
  CHECK(engine.now_seconds() == 5.0);
  CHECK(engine.events_run() == 7);
}

TEST_CASE("an event scheduled for now runs in this instant, in its priority's place") {
  Engine engine;
  std::string order;
  engine.at(1.0, Priority::arrival, [&] {
    order += 'a';
    engine.at(1.0, Priority::sample, [&] { order += 's'; });
    engine.at(1.0, Priority::departure, [&] { order += 'd'; });
  });
  engine.at(1.0, Priority::pass, [&] { order += 'p'; });
  engine.at(2.0, Priority::departure, [&] { order += '2'; });
  engine.run();
  CHECK(order == "adps2");
}

TEST_CASE("the horizon is included, stops the clock there, and the run goes on from it") {
  Engine engine;
  std::vector<double> seen;
  for (double t : {1.0, 2.0, 3.0}) {
    engine.at(t, Priority::timer, [&] { seen.push_back(engine.now_seconds()); });
  }
  CHECK(engine.run(2.0) == StopReason::horizon);
  CHECK(seen == std::vector<double>{1.0, 2.0});
  CHECK(engine.now_seconds() == 2.0);
  CHECK(engine.run(2.5) == StopReason::horizon);
  CHECK(engine.now_seconds() == 2.5);
  CHECK(engine.run(10.0) == StopReason::exhausted);
  CHECK(engine.now_seconds() == 3.0);
}

TEST_CASE("simulated time has an end: what lies behind it is an error, unless a horizon cuts it") {
  Engine engine;
  bool late = false;
  engine.at(7.0, Priority::timer, [] {});
  engine.at(1e12, Priority::timer, [] {});
  engine.at(1.1e12, Priority::timer, [&late] { late = true; });
  CHECK(engine.run(1e11) == StopReason::horizon);
  std::string sentence;
  try {
    engine.run();
  } catch (const base::Error& error) {
    sentence = error.sentence();
    CHECK(error.fault() == base::Fault::run_failed);
  }
  CHECK(sentence.starts_with("after second 1e+12 nothing happens before second 1e12"));
  CHECK_FALSE(late);
}

TEST_CASE("stop returns after the current event, once") {
  Engine engine;
  int ran = 0;
  engine.at(1.0, Priority::timer, [&] {
    ++ran;
    engine.stop();
  });
  engine.at(1.0, Priority::timer, [&] { ++ran; });
  CHECK(engine.run() == StopReason::stopped);
  CHECK(ran == 1);
  CHECK(engine.run() == StopReason::exhausted);
  CHECK(ran == 2);
}

TEST_CASE("an exception leaves run, and the events after it are still there") {
  Engine engine;
  bool later = false;
  engine.at(1.0, Priority::timer, [] { throw std::runtime_error("from a callback"); });
  engine.at(2.0, Priority::timer, [&] { later = true; });
  CHECK_THROWS_WITH(engine.run(), "from a callback");
  CHECK(engine.run() == StopReason::exhausted);
  CHECK(later);
}

TEST_CASE("cancelled events neither run nor hold up the end") {
  Engine engine;
  const EventHandle handle = engine.at(9.0, Priority::timer, [] { FAIL("cancelled"); });
  engine.at(1.0, Priority::timer, [&] { CHECK(engine.cancel(handle)); });
  CHECK(engine.run() == StopReason::exhausted);
  CHECK(engine.now_seconds() == 1.0);
}

TEST_CASE("the progress observer is called every so many events and sees clock and count") {
  Engine engine;
  std::vector<std::uint64_t> counts;
  engine.observe_progress(10, [&](const Progress& p) {
    counts.push_back(p.events);
    CHECK(p.now_seconds == static_cast<double>(p.events));
  });
  for (int i = 1; i <= 35; ++i) engine.at(i, Priority::timer, [] {});
  engine.run();
  CHECK(counts == std::vector<std::uint64_t>{10, 20, 30});
}

TEST_CASE("without activities SimGrid is never set up, however many engines a process has") {
  for (int i = 0; i < 3; ++i) {
    Engine engine({{{"a", 1e9}}, {{"l", 1e9, 0}}},
                  [](HostId, HostId) { return std::vector<LinkId>{LinkId(0)}; });
    engine.at(1.0, Priority::timer, [] {});
    CHECK(engine.run() == StopReason::exhausted);
    CHECK(engine.activities_alive() == 0);
  }
  CHECK_FALSE(SimgridBackend::existed());
}

TEST_CASE("transfers that cross no link or carry nothing need no SimGrid and keep their order") {
  Engine engine({{{"a", 1e9}, {"b", 1e9}}, {{"l", 1e9, 0.25}}}, [](HostId from, HostId to) {
    return from == to ? std::vector<LinkId>{} : std::vector<LinkId>{LinkId(0)};
  });
  std::vector<std::string> done;
  const auto note = [&](const char* what) {
    return [&, what] { done.push_back(what + std::to_string(engine.now_seconds())); };
  };
  engine.start_transfer(HostId(0), HostId(1), 0, note("nothing at "));
  engine.start_transfer(HostId(0), HostId(0), 1e9, note("nowhere at "));
  engine.start_compute(HostId(0), 0, note("no work at "));
  const ActivityId dropped =
      engine.start_transfer(HostId(0), HostId(1), 0, [] { FAIL("cancelled"); });
  CHECK(engine.activities_alive() == 4);
  engine.cancel(dropped);
  engine.cancel(dropped);
  CHECK(engine.activities_alive() == 3);
  CHECK(engine.run() == StopReason::exhausted);
  CHECK(engine.activities_alive() == 0);
  CHECK(done == std::vector<std::string>{"nowhere at 0.000000", "no work at 0.000000",
                                         "nothing at 0.250000"});
  CHECK_FALSE(SimgridBackend::existed());
}

}  // namespace
}  // namespace orrery::engine
