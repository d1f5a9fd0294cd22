// Two profiles side by side.
#include "models/profile/profile_difference.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/models/profile/support.hpp"

using namespace orrery::models;
using orrery::tests::small_profile;

TEST_CASE("the order of costs and names makes no difference") {
  const DeviceProfile left = small_profile();
  DeviceProfile right = left;
  std::swap(right.costs[0], right.costs[1]);
  std::swap(right.hardware[0], right.hardware[1]);
  std::swap(right.costs[1].coefficients[0], right.costs[1].coefficients[1]);
  CHECK(profile_differences(left, left).empty());
  CHECK(profile_differences(left, right).empty());
}

TEST_CASE("what differs is told with its change, in the order of the left profile") {
  const DeviceProfile left = small_profile();
  DeviceProfile right = left;
  right.costs[0].coefficients[0].second *= 1.5;
  right.costs[0].held_out.median = 0.062;
  right.costs[1].coefficients[0].second = 1e-6;
  right.hardware[0].second = 1;
  right.provenance.date = "2026-05-06T00:00:00Z";
  const auto found = profile_differences(left, right);
  REQUIRE(found.size() == 5);
  CHECK(found[0].key == "hardware.threads");
  CHECK(found[0].change() == -0.5);
  CHECK(found[1].key == "provenance.date");
  CHECK(std::get<std::string>(*found[1].left) == "2026-01-02T03:04:05Z");
  CHECK(std::get<std::string>(*found[1].right) == "2026-05-06T00:00:00Z");
  CHECK_FALSE(found[1].change());
  CHECK(found[2].key == "costs.gemm.dense.coefficients.start_seconds");
  CHECK(*found[2].change() == doctest::Approx(0.5));
  CHECK(found[3].key == "costs.gemm.dense.held_out.median");
  CHECK(*found[3].change() == doctest::Approx(1));
  // From nothing there is no share.
  CHECK(found[4].key == "costs.memory.copy.coefficients.start_seconds");
  CHECK_FALSE(found[4].change());
}

TEST_CASE("what one profile lacks is told of the other, whichever it is") {
  const DeviceProfile left = small_profile();
  DeviceProfile right = left;
  right.costs.pop_back();
  right.costs[0].repeats.reset();
  right.provenance.libraries.emplace_back("CUDA", "13.0");
  const auto found = profile_differences(left, right);
  const auto back = profile_differences(right, left);
  REQUIRE(found.size() == back.size());
  const auto of_cost = std::count_if(found.begin(), found.end(), [](const auto& difference) {
    return difference.key.starts_with("costs.memory.copy.") && difference.left &&
           !difference.right && !difference.change();
  });
  CHECK(of_cost == 6);  // form, two coefficients, points, two errors
  CHECK(found.size() == 6 + 2 + 1);
  CHECK(found.back().key == "provenance.libraries.CUDA");
  CHECK_FALSE(found.back().left);
  CHECK(std::get<std::string>(*found.back().right) == "13.0");
}
