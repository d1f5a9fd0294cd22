#include "sim/report/svg/figures.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/base/own_file.hpp"
#include "models/base/result_mark.hpp"
#include "sim/report/svg/drawing.hpp"
#include "sim/report/svg/svg.hpp"

namespace orrery::report {

namespace {

/// A part of a file's name: every run of other characters is one dash.
std::string name_part(std::string_view text) {
  constexpr std::string_view kKept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._=-";
  constexpr std::size_t kMost = 60;
  std::string out;
  for (const char c : text) {
    const bool kept = kKept.find(c) != std::string_view::npos;
    // No name begins with a dot: such files are hidden.
    if (kept && !(out.empty() && (c == '.' || c == '-')))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  if (out.size() > kMost) out.resize(kMost);
  while (!out.empty() && (out.back() == '-' || out.back() == '.')) out.pop_back();
  return out;
}

/// A chart and the file that it goes into.
struct ChartFile {
  const Json* chart;
  std::string path;
};

class ChartFiles {
 public:
  explicit ChartFiles(std::string directory) : directory_(std::move(directory)) {}

  void add(const Json& charts, std::string_view world, std::string_view sweep,
           std::string_view policy) {
    for (const Json& chart : charts) {
      std::string name;
      for (const std::string& part : {name_part(world), name_part(sweep),
                                      name_part(chart.value("key", "")), name_part(policy)})
        if (!part.empty()) name += (name.empty() ? "" : ".") + part;
      files_.push_back({&chart, fmt::format("{}/{}.svg", directory_, unused(name))});
    }
  }
  std::vector<ChartFile> files() && { return std::move(files_); }

 private:
  /// Names of other texts may read the same once they are shortened.
  std::string unused(std::string name) {
    if (name.empty()) name = "chart";
    std::string tried = name;
    for (int i = 2; !used_.insert(tried).second; ++i) tried = fmt::format("{}-{}", name, i);
    return tried;
  }

  std::string directory_;
  std::set<std::string> used_;
  std::vector<ChartFile> files_;
};

/// The list under `key`, where there is one.
const Json& list_of(const Json& parent, const char* key) {
  static const Json none = Json::array();
  const auto found = parent.find(key);
  return found == parent.end() ? none : *found;
}

/// The charts of the data, which must live as long, and their files.
std::vector<ChartFile> chart_files(const Json& data, const std::string& directory) {
  ChartFiles names(directory);
  const Json& worlds = data.at("worlds");
  for (const Json& world : worlds) {
    const Json& sweeps = world.at("sweeps");
    const std::string name = worlds.size() > 1 ? world.value("name", "") : "";
    for (const Json& sweep : sweeps) {
      const std::string point = sweeps.size() > 1 ? sweep.value("name", "") : "";
      names.add(list_of(sweep, "charts"), name, point, "");
      const Json& series = list_of(sweep, "series");
      for (const Json& one : series)
        names.add(list_of(one, "charts"), name, point,
                  series.size() > 1 ? one.value("policy", "") : "");
    }
  }
  return std::move(names).files();
}

bool is_picture(std::string_view beginning) {
  return beginning.find(kPictureMark) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> write_figures(const Json& data, const std::string& directory) {
  base::check_outside_results(directory, {directory, 0, 0, "--figures"});
  const std::vector<ChartFile> figures = chart_files(data, directory);
  // All of them before the first is written: half of the pictures would be of other results.
  for (const ChartFile& figure : figures) base::check_own_file(figure.path, is_picture);
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (fault)
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory that can be made, found: " + fault.message(),
                      base::Fault::run_failed);
  std::vector<std::string> paths;
  for (const ChartFile& figure : figures) {
    base::write_file_atomically(figure.path, svg(*figure.chart));
    paths.push_back(figure.path);
  }
  return paths;
}

}  // namespace orrery::report
