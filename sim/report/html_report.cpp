#include "sim/report/html_report.hpp"

#include <cassert>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/opened_files.hpp"
#include "models/base/own_file.hpp"
#include "models/base/result_mark.hpp"
#include "sim/report/file_exists.hpp"
#include "sim/report/page_resources.hpp"
#include "sim/report/report_data.hpp"

namespace orrery::report {

namespace {

/// Text between HTML tags.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

/// JSON that may stand in a script element: no tag can begin in it.
std::string script_json(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

/// Copies the template up to a marker, then the part; what was put in is never looked at again.
class Assembly {
 public:
  explicit Assembly(std::string_view page) : rest_(page) {}

  void put(std::string_view marker, std::string_view part) {
    const std::size_t at = rest_.find(marker);
    assert(at != std::string_view::npos);
    text_ += rest_.substr(0, at);
    text_ += part;
    rest_.remove_prefix(at + marker.size());
  }
  std::string finish() { return std::move(text_ += rest_); }

 private:
  std::string_view rest_;
  std::string text_;
};

/// Pages of versions before the first of these marks have the second one.
bool is_report_page(std::string_view beginning) {
  return beginning.starts_with("<!doctype html>") &&
         (beginning.find("<meta name=\"generator\" content=\"Orrery\">") != beginning.npos ||
          beginning.find(" - Orrery report</title>") != beginning.npos);
}

}  // namespace

std::string html_report(const std::string& directory) {
  const Json data = report_data(directory);
  Assembly page(page_html());
  page.put("<!--title-->", escaped(data.at("name").get<std::string>()));
  page.put("<!--style-->", page_css());
  page.put("<!--licenses-->", escaped(chart_licenses()));
  page.put("<!--data-->", script_json(data));
  page.put("<!--charts-->", chart_library());
  page.put("<!--script-->", page_script());
  return page.finish();
}

std::string write_html_report(const std::string& directory, const std::string& out) {
  std::string path = out.empty() ? directory + "/report.html" : out;
  base::check_own_file(path, is_report_page);
  const base::OpenedFiles opened;
  const std::string html = html_report(directory);
  if (opened.include(path))
    throw base::Error({path, 0, 0, ""}, "is read for the report and is not replaced by it");
  const std::filesystem::path target(path);
  const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
  // A report among results belongs to them, and is written while nobody else writes there.
  std::optional<base::ResultMark> mark;
  if (base::has_mark(folder)) mark.emplace(folder);
  const std::string name = target.filename().string();
  const bool listed = mark && mark->lists(name);
  if (out.empty() && !listed && file_exists(path))
    throw base::Error({path, 0, 0, ""},
                      "was not written by this program and is not replaced; name a file by --out");
  const bool adds = mark && !listed && !file_exists(path);
  if (adds) mark->add(name);
  base::write_file_atomically(path, html);
  if (adds) mark->settle();
  return path;
}

}  // namespace orrery::report
