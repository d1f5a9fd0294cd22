#include <cassert>
#include <utility>

#include "models/base/registry.hpp"
#include "traces/first_line.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::traces {

namespace {

base::Registry<TraceFormat>& registry() {
  static base::Registry<TraceFormat> formats("trace format");
  return formats;
}

}  // namespace

std::vector<const TraceFormat*> formats() {
  return registry().all();
}

const TraceFormat* find_format(std::string_view name) {
  return registry().find(name);
}

const TraceFormat& format_named(std::string_view name, const base::Where& where) {
  return registry().named(name, where);
}

const TraceFormat* detect_format(const std::string& path) {
  const std::string line = first_line(path);
  for (const TraceFormat* format : registry().all())
    if (format->matches(line)) return format;
  return nullptr;
}

FormatRegistration::FormatRegistration(TraceFormat format) {
  assert(format.make && format.matches);
  registry().add(std::move(format));
}

}  // namespace orrery::traces
