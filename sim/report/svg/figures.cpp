#include "sim/report/svg/figures.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
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

class FigureWriter {
 public:
  explicit FigureWriter(std::string directory) : directory_(std::move(directory)) {}

  void write(const Json& charts, std::string_view world, std::string_view sweep,
             std::string_view policy) {
    for (const Json& chart : charts) {
      std::string name;
      for (const std::string& part : {name_part(world), name_part(sweep),
                                      name_part(chart.value("key", "")), name_part(policy)})
        if (!part.empty()) name += (name.empty() ? "" : ".") + part;
      const std::string path = fmt::format("{}/{}.svg", directory_, unused(name));
      base::write_file_atomically(path, svg(chart));
      paths_.push_back(path);
    }
  }
  std::vector<std::string> paths() && { return std::move(paths_); }

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
  std::vector<std::string> paths_;
};

}  // namespace

std::vector<std::string> write_figures(const Json& data, const std::string& directory) {
  std::error_code fault;
  std::filesystem::create_directories(directory, fault);
  if (fault)
    throw base::Error({directory, 0, 0, ""},
                      "expected a directory that can be made, found: " + fault.message(),
                      base::Fault::run_failed);
  FigureWriter writer(directory);
  const Json none = Json::array();
  const Json& worlds = data.at("worlds");
  for (const Json& world : worlds) {
    const Json& sweeps = world.at("sweeps");
    const std::string name = worlds.size() > 1 ? world.value("name", "") : "";
    for (const Json& sweep : sweeps) {
      const std::string point = sweeps.size() > 1 ? sweep.value("name", "") : "";
      writer.write(sweep.value("charts", none), name, point, "");
      const Json series = sweep.value("series", none);
      for (const Json& one : series)
        writer.write(one.value("charts", none), name, point,
                     series.size() > 1 ? one.value("policy", "") : "");
    }
  }
  return std::move(writer).paths();
}

}  // namespace orrery::report
