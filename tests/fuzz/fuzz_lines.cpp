// Any bytes, plain or gzip, are lines or an Error; both ways of reading a file agree.

#include <algorithm>

#include "models/base/error.hpp"
#include "models/base/text_file.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery::base;
using orrery::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const orrery::fuzz::InputFile file(data, size);
  std::string lines;
  bool whole = true;
  try {
    LineReader reader(file.path());
    std::string_view line;
    while (lines.size() < (std::size_t{32} << 20) && reader.next(line)) {
      require(line.find('\0') == std::string_view::npos);
      require(line.find('\n') == std::string_view::npos);
      lines.append(line).append("\n");
    }
  } catch (const Error& error) {
    require(error.where().line > 0);
    whole = false;
  }
  if (lines.size() >= (std::size_t{32} << 20)) return 0;
  try {
    const std::string text = read_text_file(file.path(), std::size_t{64} << 20);
    require(whole);
    std::string expected;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      std::string_view line(text.data() + begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      expected.append(line).append("\n");
      begin = end + 1;
    }
    require(expected == lines);
  } catch (const Error&) {
    require(!whole);
  }
  return 0;
}
