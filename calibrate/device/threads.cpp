#include "calibrate/device/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace orrery::calibrate {

namespace {

std::atomic<int> wanted = 0;

/// The processors of one core, as the system lists them.
std::string core_of(int processor) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(processor) +
                     "/topology/thread_siblings_list");
  std::string list;
  std::getline(file, list);
  return list;
}

}  // namespace

int processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  const bool known = sched_getaffinity(0, sizeof(allowed), &allowed) == 0;
  const int count =
      known ? CPU_COUNT(&allowed) : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(count, 1);
}

std::pair<int, int> two_processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof(allowed), &allowed);
  std::vector<int> all;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &allowed)) all.push_back(cpu);
  if (all.size() < 2) return {all.empty() ? 0 : all[0], all.empty() ? 0 : all[0]};
  const std::string core = core_of(all[0]);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (core_of(all[i]) != core) return {all[0], all[i]};
  return {all[0], all[1]};
}

OnProcessor::OnProcessor(int processor) {
  CPU_ZERO(&before_);
  sched_getaffinity(0, sizeof(before_), &before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  sched_setaffinity(0, sizeof(one), &one);
}

OnProcessor::~OnProcessor() {
  sched_setaffinity(0, sizeof(before_), &before_);
}

int usable_threads() {
  return wanted > 0 ? wanted.load() : processors();
}

void set_usable_threads(int threads) {
  wanted = threads;
}

}  // namespace orrery::calibrate
