// Any bytes are a document or an Error; a document survives being written and read again.

#include "models/base/document.hpp"
#include "tests/fuzz/input_file.hpp"

using namespace orrery::base;
using orrery::fuzz::require;

namespace {

bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() ||
      a.entries.size() != b.entries.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (a.entries[i].key != b.entries[i].key) return false;
    if (!same(a.entries[i].value, b.entries[i].value)) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Node node;
  try {
    node = parse_yaml({reinterpret_cast<const char*>(data), size}, "input");
  } catch (const Error& error) {
    require(!error.sentence().empty());
    return 0;
  }
  const std::string text = to_yaml(node);
  if (text.size() > (std::size_t{1} << 20)) return 0;  // aliases expanded: slow, nothing new
  const Node again = parse_yaml(text, "written");      // an Error here is a find
  require(same(node, again));
  require(to_yaml(again) == text);
  return 0;
}
