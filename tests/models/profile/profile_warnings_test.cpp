// Doubts about a whole profile.
#include "models/profile/profile_warnings.hpp"

#include <doctest/doctest.h>

#include "tests/models/profile/support.hpp"

using namespace orrery::models;
using orrery::tests::small_profile;
using Sentences = std::vector<std::string>;

namespace {

/// A profile without a doubt.
DeviceProfile sound() {
  DeviceProfile p = small_profile();
  p.costs[1].repeats = {{0.01, 0.02}};
  return p;
}

}  // namespace

TEST_CASE("a sound profile raises no doubt, and limits are still sound") {
  CHECK(profile_warnings(sound()).empty());
  DeviceProfile p = sound();
  p.costs[0].held_out = kWideSpread;
  p.costs[0].repeats = kWideSpread;
  CHECK(profile_warnings(p).empty());
}

TEST_CASE("wide errors and spreads are told with the limit they exceed") {
  DeviceProfile p = sound();
  p.costs[0].held_out = {0.101, 0.31};
  p.costs[1].repeats = {{0.05, 0.25}};
  CHECK(
      profile_warnings(p) ==
      Sentences{"gemm dense: the held-out error has a median of 10.1 %, above 10 %",
                "gemm dense: the held-out error has a 90th percentile of 31.0 %, above 20 %",
                "memory copy: the spread of repeats has a 90th percentile of 25.0 %, above 20 %"});
}

TEST_CASE("own measurements have repeats, published times need none") {
  DeviceProfile p = sound();
  p.costs[1].repeats.reset();
  CHECK(profile_warnings(p) ==
        Sentences{"memory copy: measured by us, yet without the spread of its repeats"});
  p.provenance.measured_by = MeasuredBy::others;
  CHECK(profile_warnings(p).empty());
}

TEST_CASE("as many coefficients as points, and times below 0, are doubtful") {
  DeviceProfile p = sound();
  p.costs[0].points = 2;
  p.costs[1].coefficients[0].second = -1e-9;
  CHECK(profile_warnings(p) == Sentences{"gemm dense: 2 points do not test 2 coefficients",
                                         "memory copy: start_seconds is below 0"});
}
