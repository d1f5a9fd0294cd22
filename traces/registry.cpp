#include <algorithm>
#include <cassert>
#include <map>

#include "traces/byte_stream.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::traces {

namespace {

/// All formats by name. A function's static: registrations run before main, in any order.
std::map<std::string, TraceFormat, std::less<>>& registry() {
  static std::map<std::string, TraceFormat, std::less<>> formats;
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
  std::vector<const TraceFormat*> out;
  for (const auto& [name, format] : registry()) out.push_back(&format);
  return out;
}

const TraceFormat* find_format(std::string_view name) {
  const auto found = registry().find(name);
  return found == registry().end() ? nullptr : &found->second;
}

const TraceFormat* detect_format(const std::string& path) {
  const std::string line = first_line(path);
  for (const auto& [name, format] : registry())
    if (format.matches(line)) return &format;
  return nullptr;
}

FormatRegistration::FormatRegistration(TraceFormat format) {
  assert(format.make && format.matches);
  const std::string name = format.name;
  [[maybe_unused]] const bool added = registry().emplace(name, std::move(format)).second;
  assert(added);
}

}  // namespace orrery::traces
