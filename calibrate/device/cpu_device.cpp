#include <sys/utsname.h>

#include <algorithm>
#include <cctype>
#include <fstream>

#include "calibrate/device/caches.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/device/threads.hpp"
#include "models/base/numbers.hpp"

namespace orrery::calibrate {

namespace {

/// The value of the first line `key : value` of such a file.
std::string value_of(const std::string& path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

std::string processor_name() {
  const std::string name = value_of("/proc/cpuinfo", "model name");
  return name.empty() ? "unknown processor" : name;
}

}  // namespace

std::int64_t free_memory_bytes() {
  const std::string text = value_of("/proc/meminfo", "MemAvailable");
  const auto kib = base::parse_integer(text.substr(0, text.find(' ')));
  return kib.value_or(0) << 10;
}

DeviceDescription describe_cpu() {
  DeviceDescription cpu;
  cpu.name = processor_name();
  cpu.hardware.emplace_back("threads", usable_threads());
  const std::string memory = value_of("/proc/meminfo", "MemTotal");
  if (const auto kib = base::parse_integer(memory.substr(0, memory.find(' '))))
    cpu.hardware.emplace_back("memory_bytes", static_cast<double>(*kib << 10));
  const std::vector<Cache> caches = data_caches();
  if (!caches.empty())
    cpu.hardware.emplace_back("cache_bytes", static_cast<double>(caches.back().bytes));
  const std::string mhz = value_of("/proc/cpuinfo", "cpu MHz");
  cpu.clocks = mhz.empty() ? "not said by /proc/cpuinfo" : mhz + " MHz by /proc/cpuinfo, not set";
  return cpu;
}

std::string describe_host() {
  struct utsname system {};
  std::string text = "unknown system";
  if (uname(&system) == 0)
    text = std::string(system.sysname) + " " + system.release + " " + system.machine;
  return text + ", " + std::to_string(processors()) +
         (processors() == 1 ? " processor, " : " processors, ") + processor_name();
}

std::string device_slug(std::string_view name) {
  static const std::vector<std::string> filling{"nvidia", "r",         "tm",   "cpu",
                                                "gpu",    "processor", "corp", "inc"};
  const std::string text(name.substr(0, name.find('@')));  // no `@ 2.60GHz`
  std::string slug;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && std::find(filling.begin(), filling.end(), word) == filling.end())
      slug += (slug.empty() ? "" : "-") + word;
    word.clear();
  };
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0)
      word += static_cast<char>(std::tolower(letter));
    else
      end_word();
  }
  end_word();
  return slug.empty() ? "device" : slug;
}

}  // namespace orrery::calibrate
