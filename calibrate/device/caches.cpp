#include "calibrate/device/caches.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "calibrate/device/threads.hpp"
#include "models/base/numbers.hpp"

namespace orrery::calibrate {

namespace {

/// The first line of a small file of the kernel's; empty where there is none.
std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// `32K` or `480M` in bytes; 0 for anything else.
std::int64_t cache_size(const std::string& text) {
  if (text.size() < 2) return 0;
  const auto number = base::parse_integer(text.substr(0, text.size() - 1));
  if (!number) return 0;
  return text.back() == 'K' ? *number << 10 : text.back() == 'M' ? *number << 20 : 0;
}

/// How many processors a list such as `0-3,8` names.
int listed(const std::string& list) {
  int count = 0;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string part = list.substr(at, end - at);
    const std::size_t dash = part.find('-');
    const auto low = base::parse_integer(part.substr(0, dash));
    const auto high = dash == std::string::npos ? low : base::parse_integer(part.substr(dash + 1));
    if (low && high && *high >= *low) count += static_cast<int>(*high - *low + 1);
    at = end + 1;
  }
  return std::max(count, 1);
}

}  // namespace

std::vector<Cache> caches_of_folder(const std::string& folder) {
  std::vector<Cache> caches;
  for (int index = 0;; ++index) {
    const std::string of_index = folder + "/index" + std::to_string(index) + "/";
    const std::string type = first_line(of_index + "type");
    if (type.empty()) break;
    const auto level = base::parse_integer(first_line(of_index + "level"));
    const std::int64_t bytes = cache_size(first_line(of_index + "size"));
    if (type == "Instruction" || !level || bytes == 0) continue;
    caches.push_back(
        {static_cast<int>(*level), bytes, listed(first_line(of_index + "shared_cpu_list"))});
  }
  std::sort(caches.begin(), caches.end(),
            [](const Cache& a, const Cache& b) { return a.level < b.level; });
  return caches;
}

std::vector<Cache> caches_of_processor() {
  std::vector<Cache> caches;
#ifdef _SC_LEVEL1_DCACHE_SIZE
  constexpr int kLastOfOneCore = 2;
  int level = 0;
  for (const int name : {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE,
                         _SC_LEVEL4_CACHE_SIZE}) {
    ++level;
    const std::int64_t bytes = sysconf(name);
    if (bytes > 0) caches.push_back({level, bytes, level <= kLastOfOneCore ? 1 : processors()});
  }
#endif
  return caches;
}

std::vector<Cache> data_caches() {
  std::vector<Cache> caches = caches_of_folder("/sys/devices/system/cpu/cpu0/cache");
  return caches.empty() ? caches_of_processor() : caches;
}

}  // namespace orrery::calibrate
