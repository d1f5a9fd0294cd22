#include "traces/first_line.hpp"

#include "models/base/byte_stream.hpp"

namespace orrery::traces {

std::string first_line(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{64} << 10;
  base::ByteStream stream(path);
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

}  // namespace orrery::traces
