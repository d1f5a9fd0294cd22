#include <cassert>
#include <utility>

#include "models/base/registry.hpp"
#include "traces/byte_stream.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::traces {

namespace {

base::Registry<TraceFormat>& registry() {
  static base::Registry<TraceFormat> formats("trace format");
  return formats;
}

/// The first line that is not blank, at most 64 KiB of it.
std::string first_line(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{64} << 10;
  ByteStream stream(path);
  std::string line;
  for (std::size_t bytes = 0; bytes < kMost; ++bytes) {
    const int c = stream.peek();
    if (c < 0) break;
    stream.take();
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.find_first_not_of(" \t\r") != std::string::npos) break;
    line.clear();
  }
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
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
