#include <map>
#include <stdexcept>
#include <utility>

#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

std::map<std::string, ThroughputFormat, std::less<>>& registry() {
  static std::map<std::string, ThroughputFormat, std::less<>> formats;
  return formats;
}

}  // namespace

std::vector<const ThroughputFormat*> throughput_formats() {
  std::vector<const ThroughputFormat*> all;
  for (const auto& [name, format] : registry()) all.push_back(&format);
  return all;
}

const ThroughputFormat* find_throughput_format(std::string_view name) {
  const auto found = registry().find(name);
  return found == registry().end() ? nullptr : &found->second;
}

ThroughputFormatRegistration::ThroughputFormatRegistration(ThroughputFormat format) {
  std::string name = format.name;
  if (!registry().emplace(name, std::move(format)).second)
    throw std::logic_error("two throughput formats are registered as '" + name + "'");
}

}  // namespace orrery::traces
