// The operations compute what the reference does, on one thread and several; a wrong one is seen.
#include "calibrate/kernels/memory/memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/ends_first.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/memory/array_pool.hpp"
#include "calibrate/kernels/memory/loops.hpp"
#include "calibrate/kernels/memory/reference.hpp"
#include "calibrate/kernels/registry.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::memory;

namespace {

std::unique_ptr<Kernel> kernel() {
  std::string absent;
  for (const RegisteredKernel& registered : registered_kernels())
    if (registered.name == "memory" && registered.backend == Backend::cpu)
      return registered.make(absent);
  return nullptr;
}

CalibrationPoint point(const char* variant, double bytes, int threads) {
  return {variant, variant, {{"bytes", bytes}, {"threads", threads}}, 0.001};
}

}  // namespace

TEST_CASE("read, copy and triad equal the reference at odd sizes, for any number of threads") {
  const auto memory = kernel();
  REQUIRE(memory);
  for (const char* variant : {"read", "copy", "triad"})
    for (const double bytes : {16384.0, 24576.0, 100008.0, 1048576.0, 3145752.0})
      for (const int threads : {1, 2, 3}) {
        CAPTURE(variant);
        CAPTURE(bytes);
        CAPTURE(threads);
        const auto prepared = memory->prepare(point(variant, bytes, threads));
        CHECK_NOTHROW(prepared->check());
        CHECK(prepared->run_once().seconds > 0);
        CHECK_NOTHROW(prepared->check());
      }
}

TEST_CASE("the loops touch every element, whatever is left over") {
  for (std::size_t n = 0; n < 70; ++n) {
    std::vector<double> a(n + 1, 1000);
    std::vector<double> b(n + 1, 2000);
    std::vector<double> c(n + 1, -1);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = initial_value(i);
      b[i] = initial_value(i + 1);
    }
    CHECK(read_loop(a.data(), n) == reference_read(std::span(a).first(n)));
    triad_loop(a.data(), b.data(), c.data(), n);
    CHECK(reference_triad_faults(std::span(a).first(n), std::span(b).first(n),
                                 std::span(c).first(n)) == 0);
    CHECK(c[n] == -1);
    copy_loop(a.data(), c.data(), n);
    CHECK(reference_copy_faults(std::span(a).first(n), std::span(c).first(n)) == 0);
    CHECK(c[n] == -1);
  }
}

TEST_CASE("a result that is wrong in one element is refused") {
  std::vector<double> a(1000);
  std::vector<double> b(1000);
  std::vector<double> c(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    a[i] = initial_value(i);
    b[i] = initial_value(i + 1);
    c[i] = a[i] + 3 * b[i];
  }
  const std::array<std::span<const double>, 3> triad{a, b, c};
  CHECK_NOTHROW(require_reference("triad", triad, 0));
  c[999] += 1;
  CHECK_THROWS_AS(require_reference("triad", triad, 0), orrery::base::Error);
  const std::array<std::span<const double>, 2> copy{a, b};
  CHECK_THROWS_AS(require_reference("copy", copy, 0), orrery::base::Error);
  const std::array<std::span<const double>, 1> read{a};
  CHECK_NOTHROW(require_reference("read", read, reference_read(a)));
  CHECK_THROWS_AS(require_reference("read", read, reference_read(a) + 1), orrery::base::Error);
}

TEST_CASE("buffers that want more memory than is free are refused before they are touched") {
  ArrayPool pool;
  CHECK_THROWS_AS(pool.array(0, 3, std::size_t{1} << 42), OutOfMemory);
  CHECK(pool.array(1, 2, 100).size() == 100);
}

TEST_CASE("the points span from small to beyond all caches, the same each time, ends first") {
  set_usable_threads(2);
  const auto points = kernel()->points();
  CHECK(kernel()->points().size() == points.size());
  std::set<std::string> ids;
  double least = 1e18;
  double most = 0;
  for (const CalibrationPoint& p : points) {
    CHECK(ids.insert(p.id).second);
    CHECK(p.estimated_seconds > 0);
    const double bytes = *orrery::models::find_number(p.features, "bytes");
    least = std::min(least, bytes);
    most = std::max(most, bytes);
  }
  CHECK(least == 16384);
  CHECK(*orrery::models::find_number(points.front().features, "bytes") == most);
  CHECK(*orrery::models::find_number(points[6].features, "bytes") == least);
  set_usable_threads(0);
  CHECK(ends_first(5) == std::vector<std::size_t>{4, 0, 2, 3, 1});
  auto order = ends_first(37);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < 37; ++i) CHECK(order[i] == i);
  CHECK(ends_first(0).empty());
  CHECK(ends_first(1) == std::vector<std::size_t>{0});
}
