#include "models/base/document_quote.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace orrery::base::detail {

namespace {

class NoHandler : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Whether the first document of a text ends between quotes. What follows it here is a comment,
/// unless it does: the library only refuses such a text where no line end is its last character.
/// Behind the first document it may find others without end, where a bracket was never opened.
bool ends_in_quotes(std::string_view text) {
  std::istringstream stream{std::string(text) + "\n#"};
  NoHandler handler;
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(handler);
  } catch (const YAML::Exception& fault) {
    return fault.msg == YAML::ErrorMsg::EOF_IN_SCALAR;
  }
  return false;
}

/// The last double quote before which no odd number of backslashes stands: one that is never closed
/// has only such escaped ones behind it.
std::size_t last_double(std::string_view text) {
  for (std::size_t at = text.rfind('"'); at != text.npos; at = text.rfind('"', at - 1)) {
    std::size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return at;
    if (at == 0) break;
  }
  return text.npos;
}

/// The first of the last odd number of single quotes in a row: one that is never closed has only
/// pairs behind it, which stand for a quote.
std::size_t last_single(std::string_view text) {
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t last = text.rfind('\'', end - 1);
    if (last == text.npos) break;
    std::size_t first = last;
    while (first > 0 && text[first - 1] == '\'') --first;
    if ((last - first) % 2 == 0) return first;
    end = first;
  }
  return text.npos;
}

}  // namespace

std::optional<Where> unclosed_quote(std::string_view text, const std::string& name) {
  if (text.find_first_of("\"'") == text.npos || !ends_in_quotes(text)) return std::nullopt;
  for (const std::size_t at : {last_double(text), last_single(text)}) {
    if (at == text.npos || ends_in_quotes(text.substr(0, at)) ||
        !ends_in_quotes(text.substr(0, at + 1)))
      continue;
    const std::string_view before = text.substr(0, at);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_begin = before.rfind('\n') + 1;  // 0 where there is none
    return Where{name, static_cast<int>(lines) + 1, static_cast<int>(at - line_begin) + 1, ""};
  }
  return Where{name, 0, 0, ""};
}

}  // namespace orrery::base::detail
