// The libraries that our kernels are compared with, where the machine has them.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "calibrate/kernels/gemm/peers/peer.hpp"
#include "calibrate/kernels/gemm/reference.hpp"
#include "models/base/random.hpp"
#include "tests/calibrate/kernels/gemm/ragged.hpp"

using namespace orrery;
using namespace orrery::calibrate;
using test::random_values;

TEST_CASE("peers, where they are present, agree with the reference") {
  for (const gemm::FoundPeer& found : gemm::find_peers()) {
    CAPTURE(found.name);
    if (!found.peer) {
      MESSAGE("skipped: " << found.absent);
      continue;
    }
    base::RandomStream random(1, "peers");
    const std::vector<float> weights = random_values(random, std::int64_t{70} * 50);
    const std::vector<float> x = random_values(random, std::int64_t{70} * 33);
    const std::vector<double> wanted = gemm::reference_product(weights, x, 70, 50, 33);
    for (const int threads : {1, 2}) {
      std::vector<float> y(wanted.size());
      found.peer->multiply(weights, x, y, 70, 50, 33, threads);
      CHECK(gemm::relative_error(y, wanted) < 1e-5);
    }
    CHECK_FALSE(found.peer->description().empty());
  }
}

TEST_CASE("a peer's kernels are known by their names, and unknown ones are never its best") {
  for (const char* core : {"SkylakeX", "Cooperlake", "SapphireRapids", "skx", "zen4"})
    CHECK(gemm::isa_of_core(core) == gemm::Isa::avx512);
  for (const char* core : {"Haswell", "Zen", "zen2", "haswell"})
    CHECK(gemm::isa_of_core(core) == gemm::Isa::avx2);
  for (const char* core : {"Prescott", "Sandybridge", "generic", "", "of tomorrow"})
    CHECK(gemm::isa_of_core(core) == gemm::Isa::scalar);
  CHECK(gemm::isa_of_onednn(0x3e7) == gemm::Isa::avx512);
  CHECK(gemm::isa_of_onednn(0xf) == gemm::Isa::avx2);
  CHECK(gemm::isa_of_onednn(0x3) == gemm::Isa::scalar);
}
