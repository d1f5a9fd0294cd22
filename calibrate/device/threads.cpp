#include "calibrate/device/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace orrery::calibrate {

namespace {

std::atomic<int> wanted = 0;

}  // namespace

int processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  const bool known = sched_getaffinity(0, sizeof(allowed), &allowed) == 0;
  const int count =
      known ? CPU_COUNT(&allowed) : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(count, 1);
}

int usable_threads() {
  return wanted > 0 ? wanted.load() : processors();
}

void set_usable_threads(int threads) {
  wanted = threads;
}

}  // namespace orrery::calibrate
