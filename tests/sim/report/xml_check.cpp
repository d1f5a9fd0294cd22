#include "xml_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace orrery::report::testing {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == ':' || c == '_';
}

class Checker {
 public:
  explicit Checker(std::string_view document) : rest_(document), all_(document.size()) {}

  std::string run() {
    const std::string_view declaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    if (!rest_.starts_with(declaration)) return "no declaration";
    rest_.remove_prefix(declaration.size());
    while (fault_.empty() && !rest_.empty()) {
      if (rest_.front() != '<')
        text(rest_.substr(0, std::min(rest_.find('<'), rest_.size())), open_.empty());
      else if (rest_.starts_with("</"))
        close();
      else
        open();
    }
    if (fault_.empty() && (!open_.empty() || roots_ != 1)) fail("not one root that is closed");
    return fault_;
  }

 private:
  void fail(std::string_view what) {
    fault_ = fmt::format("{} at byte {}: {}", what, all_ - rest_.size(), rest_.substr(0, 40));
  }

  std::string_view name() {
    std::size_t length = 0;
    while (length < rest_.size() && is_name(rest_[length])) ++length;
    const std::string_view out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    if (out.empty()) fail("no name");
    return out;
  }

  /// Text of an element or of an attribute; outside the root only blanks.
  void text(std::string_view part, bool blank) {
    for (std::size_t i = 0; i < part.size() && fault_.empty(); ++i) {
      const auto byte = static_cast<unsigned char>(part[i]);
      if (blank && part[i] != '\n') fail("text outside the root");
      if (byte < 0x20 && part[i] != '\n' && part[i] != '\t' && part[i] != '\r')
        fail("a control character");
      if (part[i] == '<') fail("markup in a text");
      if (part[i] != '&') continue;
      const std::string_view entity = part.substr(i, part.find(';', i) - i + 1);
      if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;")
        fail("a bare &");
    }
    rest_.remove_prefix(part.size());
  }

  void open() {
    rest_.remove_prefix(1);
    const std::string element(name());
    if (open_.empty()) ++roots_;
    std::set<std::string_view> attributes;
    while (fault_.empty() && rest_.starts_with(' ')) {
      rest_.remove_prefix(1);
      if (!attributes.insert(name()).second) return fail("an attribute twice");
      if (!rest_.starts_with("=\"")) return fail("an attribute without a value");
      rest_.remove_prefix(2);
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) return fail("an open attribute");
      text(rest_.substr(0, end), false);
      rest_.remove_prefix(1);
    }
    if (!fault_.empty()) return;
    if (rest_.starts_with("/>"))
      rest_.remove_prefix(2);
    else if (rest_.starts_with(">"))
      rest_.remove_prefix(1), open_.push_back(element);
    else
      fail("a tag without its end");
  }

  void close() {
    rest_.remove_prefix(2);
    const std::string_view element = name();
    if (open_.empty() || open_.back() != element) return fail("elements do not nest");
    open_.pop_back();
    if (!rest_.starts_with(">")) return fail("a tag without its end");
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::size_t all_;
  std::vector<std::string> open_;
  int roots_ = 0;
  std::string fault_;
};

}  // namespace

std::string xml_fault(std::string_view document) {
  return Checker(document).run();
}

}  // namespace orrery::report::testing
