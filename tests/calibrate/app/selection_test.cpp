// Which kernels a name selects, and what is said of those that are not there.
#include "calibrate/app/selection.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "models/base/error.hpp"
#include "tests/calibrate/timing/fake_kernel.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::app;
using orrery::calibrate::test::FakeKernel;
using orrery::calibrate::test::FakeTime;

namespace {

std::unique_ptr<Kernel> make_fake(std::string&) {
  static FakeTime time;
  return std::make_unique<FakeKernel>("fake", time, orrery::calibrate::test::points_of({0.1, 0.2}));
}

std::unique_ptr<Kernel> make_absent(std::string& absent) {
  absent = "no GPU is visible here";
  return nullptr;
}

const std::vector<RegisteredKernel> kRegistered{{"ann", Backend::cpu, make_fake},
                                                {"gemm", Backend::cpu, make_absent},
                                                {"gemm", Backend::cuda, make_absent},
                                                {"memory", Backend::cpu, make_fake}};

std::string selection_refusal(const std::vector<std::string>& names, Backend backend) {
  try {
    select_kernels(names, backend, kRegistered);
    return "";
  } catch (const orrery::base::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("all takes what can run and says what cannot; a name takes one, twice named once") {
  const Selection all = select_kernels({"all"}, Backend::cpu, kRegistered);
  CHECK(all.kernels.size() == 2);
  REQUIRE(all.absent.size() == 1);
  CHECK(all.absent[0] == "kernel 'gemm' left out: no GPU is visible here");
  CHECK(select_kernels({"memory", "memory"}, Backend::cpu, kRegistered).kernels.size() == 1);
}

TEST_CASE("names that are none, and devices that are absent, are refused") {
  CHECK(selection_refusal({"memori"}, Backend::cpu) ==
        "command line: --kernel: there is no kernel 'memori', did you mean 'memory'?; expected one "
        "of all, ann, gemm, memory");
  CHECK(selection_refusal({"memory"}, Backend::cuda) ==
        "command line: --kernel: kernel 'memory' has no backend cuda in this program (see --list)");
  CHECK(selection_refusal({"gemm"}, Backend::cpu) ==
        "command line: --kernel: kernel 'gemm' cannot run here: no GPU is visible here");
  CHECK(selection_refusal({"all"}, Backend::cuda) ==
        "command line: --backend: no kernel can run on cuda here: no GPU is visible here");
}

TEST_CASE("the list names each kernel and why it cannot run") {
  CHECK(list_kernels(kRegistered) ==
        "kernel       backend  points here\n"
        "ann          cpu      2\n"
        "gemm         cpu      none: no GPU is visible here\n"
        "gemm         cuda     none: no GPU is visible here\n"
        "memory       cpu      2\n");
}

TEST_CASE("a kernel is registered once on a backend, and once more on another") {
  const KernelRegistration first("twice", Backend::cpu, make_fake);
  CHECK_NOTHROW(KernelRegistration("twice", Backend::cuda, make_absent));
  CHECK_THROWS_AS(KernelRegistration("twice", Backend::cpu, make_absent), std::logic_error);
}
