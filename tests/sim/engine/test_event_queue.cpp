#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "models/base/random.hpp"
#include "sim/engine/event_queue.hpp"

namespace orrery::engine {
namespace {

constexpr Priority kPriorities[] = {Priority::departure, Priority::failure, Priority::arrival,
                                    Priority::timer,     Priority::pass,    Priority::sample};

// The order the queue promises, kept by the standard library instead.
using Key = std::tuple<double, std::int32_t, std::uint64_t>;
using Reference = std::multimap<Key, int>;

struct Pushed {
  EventHandle handle;
  std::optional<Reference::iterator> place;  // nullopt: spent
};

void compare_with_reference(std::uint64_t seed, double cancel_share, int steps) {
  CAPTURE(seed);
  base::RandomStream random(seed, "event queue");
  EventQueue queue;
  Reference reference;
  std::vector<Pushed> pushed;
  int ran = -1;
  std::uint64_t sequence = 0;
  for (int step = 0; step < steps; ++step) {
    const double choice = random.uniform();
    if (choice < 0.5) {
      // Few distinct times, so that ties are frequent.
      const double seconds = static_cast<double>(random.below(40));
      const Priority priority = kPriorities[random.below(6)];
      const int label = static_cast<int>(pushed.size());
      const EventHandle handle = queue.push(seconds, priority, [&ran, label] { ran = label; });
      const auto place =
          reference.emplace(Key{seconds, static_cast<std::int32_t>(priority), sequence++}, label);
      pushed.push_back({handle, place});
    } else if (choice < 0.5 + cancel_share && !pushed.empty()) {
      Pushed& victim = pushed[random.below(pushed.size())];
      REQUIRE(queue.cancel(victim.handle) == victim.place.has_value());
      if (victim.place) reference.erase(*std::exchange(victim.place, std::nullopt));
    } else if (!reference.empty()) {
      const auto next = reference.begin();
      REQUIRE(queue.next_seconds() == std::get<0>(next->first));
      queue.pop()();
      REQUIRE(ran == next->second);
      pushed[static_cast<std::size_t>(next->second)].place.reset();
      reference.erase(next);
    }
    REQUIRE(queue.size() == reference.size());
    REQUIRE(queue.empty() == reference.empty());
  }
  for (const auto& [key, label] : reference) {
    queue.pop()();
    REQUIRE(ran == label);
  }
  CHECK(queue.empty());
}

TEST_CASE("random pushes, pops and cancellations come out as from an ordered multimap") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) compare_with_reference(seed, 0.1, 3000);
}

TEST_CASE("the order survives compaction under many cancellations") {
  for (std::uint64_t seed = 100; seed < 120; ++seed) compare_with_reference(seed, 0.45, 6000);
}

TEST_CASE("ties leave in the order in which they came") {
  EventQueue queue;
  std::vector<int> order;
  for (int i = 0; i < 1000; ++i) {
    queue.push(7.0, Priority::timer, [&order, i] { order.push_back(i); });
  }
  while (!queue.empty()) queue.pop()();
  CHECK(order.size() == 1000);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("a handle never reaches a later event in the same slot") {
  EventQueue queue;
  const EventHandle first = queue.push(1.0, Priority::timer, [] {});
  queue.pop();
  const EventHandle second = queue.push(2.0, Priority::timer, [] {});
  CHECK(first.slot == second.slot);
  CHECK_FALSE(queue.cancel(first));
  CHECK(queue.size() == 1);
  CHECK(queue.cancel(second));
  CHECK_FALSE(queue.cancel(second));
  CHECK_FALSE(queue.cancel(EventHandle{}));
  CHECK(queue.empty());
}

TEST_CASE("cancelling frees what the callback holds at once") {
  EventQueue queue;
  auto held = std::make_shared<int>(1);
  const EventHandle handle = queue.push(1.0, Priority::timer, [held] {});
  CHECK(held.use_count() == 2);
  queue.cancel(handle);
  CHECK(held.use_count() == 1);
}

TEST_CASE("what a cancelled callback's destruction pushes is kept") {
  EventQueue queue;
  // More cancelled entries than live ones, so that the cancellation also compacts the heap.
  std::vector<EventHandle> crowd;
  for (int i = 0; i < 200; ++i) crowd.push_back(queue.push(i, Priority::timer, [] {}));
  bool ran = false;
  auto guard = std::shared_ptr<int>(new int(0), [&](int* p) {
    delete p;
    queue.push(500.0, Priority::timer, [&ran] { ran = true; });
  });
  const EventHandle last = queue.push(300.0, Priority::timer, [guard] {});
  guard.reset();
  for (const EventHandle handle : crowd) queue.cancel(handle);
  queue.cancel(last);
  REQUIRE(queue.size() == 1);
  CHECK(queue.next_seconds() == 500.0);
  queue.pop()();
  CHECK(ran);
}

}  // namespace
}  // namespace orrery::engine
