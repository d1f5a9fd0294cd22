#include <utility>

#include "models/base/registry.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

base::Registry<ThroughputFormat>& registry() {
  static base::Registry<ThroughputFormat> formats("throughput format");
  return formats;
}

}  // namespace

std::vector<const ThroughputFormat*> throughput_formats() {
  return registry().all();
}

const ThroughputFormat* find_throughput_format(std::string_view name) {
  return registry().find(name);
}

const ThroughputFormat& throughput_format_named(std::string_view name, const base::Where& where) {
  return registry().named(name, where);
}

ThroughputFormatRegistration::ThroughputFormatRegistration(ThroughputFormat format) {
  registry().add(std::move(format));
}

}  // namespace orrery::traces
