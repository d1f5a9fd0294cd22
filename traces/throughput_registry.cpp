#include <utility>

#include "models/base/registry.hpp"
#include "traces/throughput_reader.hpp"

namespace orrery::traces {

namespace {

base::Registry<ThroughputFormat>& throughput_registry() {
  static base::Registry<ThroughputFormat> formats("throughput format");
  return formats;
}

}  // namespace

std::vector<const ThroughputFormat*> throughput_formats() {
  return throughput_registry().all();
}

const ThroughputFormat* find_throughput_format(std::string_view name) {
  return throughput_registry().find(name);
}

const ThroughputFormat& throughput_format_named(std::string_view name, const base::Where& where) {
  return throughput_registry().named(name, where);
}

ThroughputFormatRegistration::ThroughputFormatRegistration(ThroughputFormat format) {
  throughput_registry().add(std::move(format));
}

}  // namespace orrery::traces
