#include "models/base/ids.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <unordered_set>

using namespace orrery::base;

namespace {
using JobId = Id<struct JobTag>;
using NodeId = Id<struct NodeTag>;
static_assert(!std::is_convertible_v<JobId, NodeId>);
static_assert(!std::is_convertible_v<std::size_t, JobId>);
}  // namespace

TEST_CASE("an id is none until it is given an index") {
  CHECK(JobId().is_none());
  CHECK(!JobId(0).is_none());
  CHECK(JobId(7).index() == 7);
}

TEST_CASE("ids compare and hash by their index") {
  CHECK(JobId(1) < JobId(2));
  CHECK(JobId(2) == JobId(2));
  CHECK(JobId(2) < JobId());
  const std::unordered_set<JobId> set = {JobId(1), JobId(1), JobId(2)};
  CHECK(set.size() == 2);
}
