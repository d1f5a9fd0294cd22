#include "models/network/rings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace orrery::models {
namespace {

using Hops = std::vector<NodeHop>;

TEST_CASE("a ring of data-parallel GPUs visits its nodes in order and comes back") {
  CHECK(data_hops({8, 1, 1}, 2) == Hops{{0, 1}, {1, 2}, {2, 3}, {3, 0}});
  CHECK(data_hops({2, 1, 1}, 1) == Hops{{0, 1}, {1, 0}});
  CHECK(data_hops({8, 1, 1}, 8).empty());
}

TEST_CASE("tensor-parallel peers are neighbours, so only wide groups leave a node") {
  CHECK(tensor_hops({2, 4, 1}, 4).empty());
  CHECK(tensor_hops({1, 4, 1}, 2) == Hops{{0, 1}, {1, 0}});
  CHECK(tensor_hops({2, 4, 1}, 2) == Hops{{0, 1}, {1, 0}, {2, 3}, {3, 2}});
}

TEST_CASE("each shard has a data-parallel ring of its own") {
  const Hops hops = data_hops({2, 4, 1}, 4);
  CHECK(hops.size() == 8);
  CHECK(std::count(hops.begin(), hops.end(), NodeHop{0, 1}) == 4);
  CHECK(std::count(hops.begin(), hops.end(), NodeHop{1, 0}) == 4);
}

TEST_CASE("stages send to their successors and back, where those lie elsewhere") {
  CHECK(pipeline_hops({1, 1, 4}, 2) == Hops{{0, 1}, {1, 0}});
  const Hops hops = pipeline_hops({2, 2, 2}, 4);
  CHECK(hops.size() == 8);
  CHECK(pipeline_hops({4, 2, 1}, 2).empty());
}

}  // namespace
}  // namespace orrery::models
