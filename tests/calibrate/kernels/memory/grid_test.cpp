// What a GPU's threads would touch, counted on the processor: every element once, for any size.
#include "calibrate/kernels/memory/grid.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace orrery::calibrate::memory;

TEST_CASE("a grid touches every element once, with tails, and no more blocks than work") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{255}, std::size_t{256},
                                  std::size_t{257}, std::size_t{100003}, std::size_t{1 << 18}})
    for (const unsigned multiprocessors : {1U, 3U, 132U}) {
      CAPTURE(count);
      CAPTURE(multiprocessors);
      const unsigned blocks = pass_blocks(count, multiprocessors);
      CHECK(blocks >= 1);
      CHECK(blocks <= multiprocessors * 8);
      CHECK((blocks - 1) * std::size_t{kBlockThreads} < count);
      std::vector<int> touched(count, 0);
      for (unsigned block = 0; block < blocks; ++block)
        for (unsigned thread = 0; thread < kBlockThreads; ++thread)
          for (std::size_t i = first_element(block, thread); i < count; i += element_step(blocks))
            ++touched[i];
      bool once = true;
      for (const int times : touched) once = once && times == 1;
      CHECK(once);
    }
}

TEST_CASE("a block's sum halves until one thread is left") {
  CHECK((kBlockThreads & (kBlockThreads - 1)) == 0);
  std::vector<double> partial(kBlockThreads);
  double expected = 0;
  for (unsigned t = 0; t < kBlockThreads; ++t) expected += partial[t] = t * 3.0 + 1;
  for (unsigned half = kBlockThreads / 2; half > 0; half /= 2)
    for (unsigned t = 0; t < half; ++t) partial[t] += partial[t + half];
  CHECK(partial[0] == expected);
}

TEST_CASE("a thread's indices do not wrap at four billion") {
  CHECK(element_step(0xffffffffU) == std::size_t{0xffffffffU} * kBlockThreads);
  CHECK(first_element(0xffffffffU, 5) == std::size_t{0xffffffffU} * kBlockThreads + 5);
}
