// Transfers that begin together: worked by hand, and against sums that cannot be beaten.
#include "models/network/transfers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "models/base/random.hpp"

using orrery::base::RandomStream;
using orrery::models::last_arrival_seconds;
using orrery::models::Transfer;

TEST_CASE("one transfer takes the latency of its route and its bytes at the tightest link") {
  const std::vector<double> capacity = {10, 2, 5};
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0, 1, 2}, 8, 0.5}}, capacity) == 0.5 + 4);
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0}, 0, 0.25}}, capacity) == 0.25);
  CHECK(last_arrival_seconds({}, capacity) == 0);
}

TEST_CASE("transfers over one link share it, and what one leaves the others take") {
  // Both at 1 until the smaller has arrived at 2, then the other at 2 for its last 2 bytes.
  const std::vector<double> capacity = {2, 100, 100};
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0, 1}, 4, 0}, {{0, 2}, 2, 0}}, capacity) == 3);
  // A tight second link holds one back at 0.5: the other takes 1.5 for its 6 bytes.
  const std::vector<double> tight = {2, 0.5, 100};
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0, 1}, 1, 0}, {{0, 2}, 6, 0}}, tight) ==
        doctest::Approx(2 + 3 / 2.0));
}

TEST_CASE("one that starts later joins those on their way") {
  // Alone at 2 until 1, then both at 1: 3 of 5 bytes are left, the other's 1 byte arrives at 2.
  const std::vector<double> capacity = {2};
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0}, 5, 0}, {{0}, 1, 1}}, capacity) == 3);
  // The first has arrived before the second starts.
  CHECK(last_arrival_seconds(std::vector<Transfer>{{{0}, 2, 0}, {{0}, 2, 5}}, capacity) == 6);
}

TEST_CASE("no random set arrives before its fullest link could carry it, nor later than in a row") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "transfers");
    std::vector<double> capacity;
    for (int link = 0; link < 6; ++link) capacity.push_back(1 + 9 * random.uniform());
    std::vector<Transfer> transfers;
    std::vector<double> carried(capacity.size(), 0);
    double in_a_row = 0;
    for (std::size_t t = 0; t < 1 + random.below(8); ++t) {
      const std::size_t first = random.below(3);
      const std::size_t second = 3 + random.below(3);
      transfers.push_back({{first, second}, 1 + 20 * random.uniform(), 0});
      carried[first] += transfers.back().bytes;
      carried[second] += transfers.back().bytes;
      in_a_row += transfers.back().bytes / std::min(capacity[first], capacity[second]);
    }
    double least = 0;
    for (std::size_t link = 0; link < capacity.size(); ++link)
      least = std::max(least, carried[link] / capacity[link]);
    const double found = last_arrival_seconds(transfers, capacity);
    CHECK(found >= least * (1 - 1e-12));
    CHECK(found <= in_a_row * (1 + 1e-12));
  }
}
