// Events per second of the engine against its own queue with nothing around it.
//
// Hold model: a fixed number of events is pending; each, when it runs, schedules the next one at a
// random distance. Rounds of the contestants are interleaved, and medians of five compared, so that
// a machine that changes its speed does so for all. Exit status 0 always: scripts judge the ratio.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/base/random.hpp"
#include "sim/engine/engine.hpp"

namespace {

using namespace orrery;

constexpr std::uint64_t kEvents = 2'000'000;
constexpr int kRounds = 5;

// Distances drawn beforehand: drawing them is not part of what is measured.
class Distances {
 public:
  Distances() {
    base::RandomStream random(1, "distances");
    for (double& d : values_) d = random.exponential(1.0);
  }
  double next() { return values_[position_++ % values_.size()]; }

 private:
  std::vector<double> values_ = std::vector<double>(1 << 16);
  std::size_t position_ = 0;
};

double events_per_second(std::uint64_t events, std::chrono::steady_clock::duration wall) {
  return static_cast<double>(events) / std::chrono::duration<double>(wall).count();
}

struct BareQueue {
  engine::EventQueue queue;
  double now = 0;
  std::uint64_t left = 0;
  Distances distances;

  void schedule() {
    queue.push(now + distances.next(), engine::Priority::timer, [this] {
      --left;
      schedule();
    });
  }
  double round(std::uint64_t events) {
    left = events;
    const auto start = std::chrono::steady_clock::now();
    while (left > 0) {
      now = queue.next_seconds();
      queue.pop()();
    }
    return events_per_second(events, std::chrono::steady_clock::now() - start);
  }
};

struct WholeEngine {
  engine::Engine clock{{{{"a", 1.0}, {"b", 1.0}}, {{"link", 1.0, 0}}},
                       [](engine::HostId, engine::HostId) {
                         return std::vector<engine::LinkId>{engine::LinkId(0)};
                       }};
  std::uint64_t left = 0;
  Distances distances;

  void schedule() {
    clock.at(clock.now_seconds() + distances.next(), engine::Priority::timer, [this] {
      if (--left == 0) clock.stop();
      schedule();
    });
  }
  double round(std::uint64_t events) {
    left = events;
    const auto start = std::chrono::steady_clock::now();
    clock.run();
    return events_per_second(events, std::chrono::steady_clock::now() - start);
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Transfers started and ended per second, `alive` of them sharing the link at any time.
double transfers_per_second(WholeEngine& engine, std::uint64_t alive, std::uint64_t transfers) {
  std::uint64_t left = transfers;
  std::function<void()> start = [&] {
    if (left == 0) return;
    --left;
    engine.clock.start_transfer(engine::HostId(0), engine::HostId(1), 1.0 + engine.distances.next(),
                                start);
  };
  for (std::uint64_t i = 0; i < alive; ++i) start();
  const auto begin = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(engine.clock.run());
  return events_per_second(transfers, std::chrono::steady_clock::now() - begin);
}

struct Medians {
  double queue = 0;
  double engine = 0;
  double busy = 0;  // an activity alive
};

Medians compare(int pending, WholeEngine& busy) {
  BareQueue queue;
  WholeEngine engine;
  for (int i = 0; i < pending; ++i) {
    queue.schedule();
    engine.schedule();
    busy.schedule();
  }
  std::vector<double> of_queue, of_engine, of_busy;
  for (int round = 0; round < kRounds; ++round) {
    of_queue.push_back(queue.round(kEvents));
    of_engine.push_back(engine.round(kEvents));
    of_busy.push_back(busy.round(kEvents));
  }
  return {median(of_queue), median(of_engine), median(of_busy)};
}

}  // namespace

int main() {
  // One engine of a process may have activities. The endless transfer outlasts every round.
  WholeEngine busy;
  const double transfers = transfers_per_second(busy, 64, 20'000);
  busy.clock.start_transfer(engine::HostId(0), engine::HostId(1), 1e15, [] {});
  fmt::print("{:>10} {:>16} {:>16} {:>22}\n", "pending", "queue events/s", "engine events/s",
             "with activity events/s");
  Medians first;
  // The busy engine keeps what earlier rows left pending: 1,000 and 100,000 in all.
  for (const int pending : {1000, 99'000}) {
    const Medians m = compare(pending, busy);
    fmt::print("{:>10} {:>16.0f} {:>16.0f} {:>22.0f}\n", pending, m.queue, m.engine, m.busy);
    if (first.queue == 0) first = m;
  }
  fmt::print("transfers/s, 64 sharing one link: {:.0f}\n", transfers);
  fmt::print("engine_with_activity_over_queue: {:.3f}\n", first.busy / first.queue);
  fmt::print("engine_over_queue: {:.3f}\n", first.engine / first.queue);
  return 0;
}
