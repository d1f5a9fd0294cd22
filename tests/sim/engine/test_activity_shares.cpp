// Shares of many transfers against a max-min reference that knows nothing of SimGrid.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "models/base/random.hpp"
#include "sim/engine/engine.hpp"
#include "tests/sim/engine/in_child.hpp"

namespace orrery::engine {
namespace {

struct Flow {
  std::vector<std::size_t> links;
  double bytes = 0;
  double start = 0;
  double end = 0;
};

// Progressive filling: all rates grow together until a link is full; its flows stay, the others go
// on. A link crossed twice counts twice.
std::vector<double> max_min(const std::vector<double>& capacity, const std::vector<Flow*>& flows) {
  std::vector<double> left = capacity;
  std::vector<double> rate(flows.size(), 0);
  std::vector<bool> frozen(flows.size(), false);
  for (std::size_t open = flows.size(); open > 0;) {
    std::vector<int> crossings(capacity.size(), 0);
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (frozen[f]) continue;
      for (const std::size_t link : flows[f]->links) ++crossings[link];
    }
    double step = std::numeric_limits<double>::infinity();
    std::size_t full = 0;
    for (std::size_t link = 0; link < capacity.size(); ++link) {
      if (crossings[link] > 0 && left[link] / crossings[link] < step) {
        step = left[link] / crossings[link];
        full = link;
      }
    }
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (frozen[f]) continue;
      rate[f] += step;
      for (const std::size_t link : flows[f]->links) left[link] -= step;
    }
    left[full] = 0;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (!frozen[f] && std::count(flows[f]->links.begin(), flows[f]->links.end(), full) > 0) {
        frozen[f] = true;
        --open;
      }
    }
  }
  return rate;
}

// Plays the flows one change of the set at a time.
void reference_ends(const std::vector<double>& capacity, std::vector<Flow>& flows) {
  std::vector<double> left(flows.size());
  for (std::size_t f = 0; f < flows.size(); ++f) left[f] = flows[f].bytes;
  std::vector<bool> done(flows.size(), false);
  double now = 0;
  for (std::size_t remaining = flows.size(); remaining > 0;) {
    std::vector<Flow*> active;
    std::vector<std::size_t> index;
    double next = std::numeric_limits<double>::infinity();
    for (std::size_t f = 0; f < flows.size(); ++f) {
      if (done[f]) continue;
      if (flows[f].start <= now) {
        active.push_back(&flows[f]);
        index.push_back(f);
      } else {
        next = std::min(next, flows[f].start);
      }
    }
    const std::vector<double> rate = max_min(capacity, active);
    std::size_t ending = active.size();
    for (std::size_t a = 0; a < active.size(); ++a) {
      const double end = now + left[index[a]] / rate[a];
      if (end < next) {
        next = end;
        ending = a;
      }
    }
    for (std::size_t a = 0; a < active.size(); ++a) left[index[a]] -= rate[a] * (next - now);
    now = next;
    if (ending < active.size()) {
      flows[index[ending]].end = now;
      done[index[ending]] = true;
      --remaining;
    }
  }
}

// Leaves with up and down links per host and per leaf, as a two-level fat tree has them.
struct Tree {
  std::size_t leaves = 4;
  std::size_t per_leaf = 4;
  std::vector<double> capacity;

  std::size_t hosts() const { return leaves * per_leaf; }
  std::vector<std::size_t> route(std::size_t from, std::size_t to) const {
    std::vector<std::size_t> links{2 * from, 2 * to + 1};
    if (from / per_leaf != to / per_leaf) {
      links.insert(links.begin() + 1,
                   {2 * (hosts() + from / per_leaf), 2 * (hosts() + to / per_leaf) + 1});
    }
    return links;
  }
};

void compare_one_set(std::uint64_t seed, Engine& engine, const Tree& tree, double base_seconds) {
  base::RandomStream random(seed, "flows");
  std::vector<Flow> flows(2 + random.below(12));
  std::vector<double> found(flows.size(), -1);
  for (std::size_t f = 0; f < flows.size(); ++f) {
    const std::size_t from = random.below(tree.hosts());
    const std::size_t to = (from + 1 + random.below(tree.hosts() - 1)) % tree.hosts();
    flows[f].links = tree.route(from, to);
    flows[f].bytes = static_cast<double>(1 + random.below(100000));
    flows[f].start = random.below(3) == 0 ? 0.0 : static_cast<double>(random.below(400)) / 8;
    engine.at(base_seconds + flows[f].start, Priority::arrival,
              [&engine, &found, f, from, to, bytes = flows[f].bytes] {
                engine.start_transfer(HostId(from), HostId(to), bytes,
                                      [&engine, &found, f] { found[f] = engine.now_seconds(); });
              });
  }
  engine.run();
  reference_ends(tree.capacity, flows);
  for (std::size_t f = 0; f < flows.size(); ++f) {
    testing::expect_near(found[f] - base_seconds, flows[f].end, 1e-9,
                         fmt::format("seed {} flow {}", seed, f));
  }
}

TEST_CASE("two hundred random sets of transfers on a fat tree end when progressive filling says") {
  CHECK(testing::in_child([] {
          Tree tree;
          Resources resources;
          base::RandomStream random(1, "capacities");
          for (std::size_t i = 0; i < 2 * (tree.hosts() + tree.leaves); ++i) {
            // Uneven on purpose: no two flows meet at the same bottleneck by construction.
            tree.capacity.push_back(500 + static_cast<double>(random.below(1500)));
            resources.links.push_back({"l", tree.capacity.back(), 0});
          }
          for (std::size_t i = 0; i < tree.hosts(); ++i) resources.hosts.push_back({"h", 1});
          Engine engine(resources, [&tree](HostId from, HostId to) {
            std::vector<LinkId> links;
            for (const std::size_t link : tree.route(from.index(), to.index())) {
              links.push_back(LinkId(link));
            }
            return links;
          });
          for (std::uint64_t seed = 0; seed < 200; ++seed) {
            compare_one_set(seed, engine, tree, std::ceil(engine.now_seconds()));
          }
        }) == "");
}

TEST_CASE("a link on the route twice weighs twice") {
  CHECK(testing::in_child([] {
          Engine engine({{{"a", 1}, {"b", 1}}, {{"l", 90, 0}}}, [](HostId from, HostId) {
            return std::vector<LinkId>(from == HostId(0) ? 2 : 1, LinkId(0));
          });
          double twice = 0;
          double once = 0;
          engine.start_transfer(HostId(0), HostId(1), 90, [&] { twice = engine.now_seconds(); });
          engine.start_transfer(HostId(1), HostId(0), 90, [&] { once = engine.now_seconds(); });
          engine.run();
          // Equal rates r with 2 r + r = 90.
          testing::expect_near(once, 3, 1e-9, "once");
          testing::expect_near(twice, 3, 1e-9, "twice");
        }) == "");
}

}  // namespace
}  // namespace orrery::engine
