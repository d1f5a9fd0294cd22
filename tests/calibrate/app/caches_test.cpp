// The caches by /sys, and by the processor where /sys hides them.
#include "calibrate/device/caches.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "calibrate/device/threads.hpp"
#include "tests/models/base/support.hpp"

using namespace orrery::calibrate;

namespace {

/// Writes what /sys says of one cache.
void write_cache(const std::string& folder, const std::string& type, const std::string& level,
                 const std::string& size, const std::string& sharers) {
  std::filesystem::create_directories(folder);
  using orrery::base::test::write;
  write(folder + "/type", type + "\n");
  write(folder + "/level", level + "\n");
  write(folder + "/size", size + "\n");
  write(folder + "/shared_cpu_list", sharers + "\n");
}

void check_sound(const std::vector<Cache>& caches) {
  int level = 0;
  for (const Cache& cache : caches) {
    CHECK(cache.level > level);
    level = cache.level;
    CHECK(cache.bytes > 0);
    CHECK(cache.sharers >= 1);
  }
}

}  // namespace

TEST_CASE("caches of a folder of /sys: data alone, innermost first, with who shares them") {
  const orrery::base::test::TemporaryDirectory folder;
  write_cache(folder.path() + "/index0", "Unified", "2", "2048K", "0,64");
  write_cache(folder.path() + "/index1", "Instruction", "1", "32K", "0,64");
  write_cache(folder.path() + "/index2", "Data", "1", "48K", "0,64");
  write_cache(folder.path() + "/index3", "Unified", "3", "32M", "0-7,64-71");
  write_cache(folder.path() + "/index4", "Unified", "4", "none", "0");
  const std::vector<Cache> caches = caches_of_folder(folder.path());
  REQUIRE(caches.size() == 3);
  check_sound(caches);
  CHECK(caches[0].bytes == 48 << 10);
  CHECK(caches[1].bytes == 2 << 20);
  CHECK(caches[1].sharers == 2);
  CHECK(caches[2].bytes == 32 << 20);
  CHECK(caches[2].sharers == 16);
}

TEST_CASE("a machine that hides its caches in /sys is asked by its processor") {
  CHECK(caches_of_folder("/nowhere").empty());
  const std::vector<Cache> caches = caches_of_processor();
  check_sound(caches);
  for (const Cache& cache : caches) CHECK(cache.sharers == (cache.level <= 2 ? 1 : processors()));
  check_sound(data_caches());
  CHECK(data_caches().empty() <= caches.empty());
}
