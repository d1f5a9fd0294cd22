#include <doctest/doctest.h>

#include <filesystem>

#include "models/base/error.hpp"
#include "sim/report/svg/figures.hpp"
#include "sim/report/svg/svg.hpp"
#include "tests/sim/report/temporary_directory.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

Json chart(const std::string& key) {
  return {{"key", key}, {"kind", "scatter"}, {"title", key}, {"series", Json::array()}};
}

Json charts_of(const std::string& name, const std::vector<std::string>& points,
               const std::vector<std::string>& policies) {
  Json sweeps = Json::array();
  for (const std::string& point : points) {
    Json series = Json::array();
    for (const std::string& policy : policies)
      series.push_back({{"policy", policy}, {"charts", {chart("gantt")}}});
    sweeps.push_back({{"name", point}, {"charts", {chart("jct")}}, {"series", series}});
  }
  return {{"name", name}, {"sweeps", sweeps}};
}

std::vector<std::string> names(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    CHECK(std::filesystem::file_size(path) > 0);
    out.push_back(std::filesystem::path(path).filename());
  }
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("figures are named by their key, and by what tells them apart where there are several") {
  const TemporaryDirectory directory;
  const auto written = [&](const Json& data) {
    return names(write_figures(data, directory.file("made/for/it")));
  };
  CHECK(written({{"worlds", {charts_of("", {""}, {"fifo"})}}}) == Names{"jct.svg", "gantt.svg"});
  CHECK(written({{"worlds", {charts_of("", {""}, {"fifo", "las"})}}}) ==
        Names{"jct.svg", "gantt.fifo.svg", "gantt.las.svg"});
  CHECK(
      written({{"worlds", {charts_of("a", {"x=1", "x=2"}, {"p"}), charts_of("b", {""}, {"p"})}}}) ==
      Names{"a.x=1.jct.svg", "a.x=1.gantt.svg", "a.x=2.jct.svg", "a.x=2.gantt.svg", "b.jct.svg",
            "b.gantt.svg"});
  CHECK(read_text(directory.file("made/for/it/jct.svg")) == svg(chart("jct")));
}

TEST_CASE("names of figures stay in their directory and apart from each other") {
  const TemporaryDirectory directory;
  const Json data{
      {"worlds", {charts_of("", {""}, {"../../etc", "a/b", "a b", ".", std::string(300, 'x')})}}};
  const Names found = names(write_figures(data, directory.path()));
  CHECK(found == Names{"jct.svg", "gantt.etc.svg", "gantt.a-b.svg", "gantt.a-b-2.svg", "gantt.svg",
                       "gantt." + std::string(60, 'x') + ".svg"});
}

TEST_CASE("figures that cannot be written are an error that names the place") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("file");
  write_text(file, "x");
  try {
    write_figures({{"worlds", Json::array()}}, file + "/below");
    FAIL("expected an error");
  } catch (const base::Error& error) {
    CHECK(error.where().file == file + "/below");
    CHECK(error.fault() == base::Fault::run_failed);
  }
}
