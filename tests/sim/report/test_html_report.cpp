#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "models/base/error.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/html_report.hpp"
#include "sim/report/report_data.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

/// The data a page carries, found as a browser finds it.
nlohmann::json data_of(const std::string& html) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = html.find(open) + open.size();
  return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

void write_run(const std::string& path, const std::string& policy, const std::string& name) {
  const std::vector<Ticket> tickets = {{"<a>", 0, 50}, {"</script><b>", 5, 105}};
  RunSummary run = office_run(policy, 1, tickets);
  run.name = name;
  write_office_files(path, tickets);
  write_summaries(path, run);
  write_text(path + "/experiment.yaml",
             "name: test\nworkload: {trace: {format: csv, path: case.csv}}\nseed: 1\n");
}

/// The page without the bundled library, which is looked at by the build.
std::string without_library(const std::string& html) {
  const std::size_t begin = html.find("<script>\n", html.find("id=\"data\""));
  const std::size_t end = html.find("</script>", begin);
  return html.substr(0, begin) + html.substr(end);
}

}  // namespace

TEST_CASE("the report is one file that loads nothing") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"), "fifo", "a <name> & more");
  const std::string html = html_report(directory.file("run"));
  const std::regex loads("(src|href|srcset|action|data)\\s*=\\s*[\"']?\\s*(https?:|//|file:|ftp:)",
                         std::regex::icase);
  const std::string own = without_library(html);
  CHECK_FALSE(std::regex_search(own, loads));
  for (const char* word : {"@import", "url(", "<link", "<iframe", "fetch(", "XMLHttpRequest"})
    CHECK(count(own, word) == 0);
  CHECK(html.find("<title>a &lt;name&gt; &amp; more") != std::string::npos);
  CHECK(count(html, "<script") == 3);
  CHECK(count(html, "</script>") == 3);
  for (const char* marker : {"<!--title-->", "<!--style-->", "<!--data-->", "<!--charts-->",
                             "<!--script-->", "<!--licenses-->"})
    CHECK(count(html, marker) == 0);
  CHECK(html.find("Apache License") != std::string::npos);
  CHECK(html.find("zrender/LICENSE") != std::string::npos);
}

TEST_CASE("names of jobs cannot end the data, and stay what they are") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"), "fifo", "</script>");
  const auto data = data_of(html_report(directory.file("run")));
  CHECK(data.at("name") == "</script>");
  const auto& lanes =
      data.at("worlds").at(0).at("sweeps").at(0).at("series").at(0).at("charts").at(0);
  CHECK(lanes.at("items") == nlohmann::json::array({"<a>", "</script><b>"}));
}

TEST_CASE("a run's page holds its tables and charts") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"), "fifo", "one");
  const auto data = data_of(html_report(directory.file("run")));
  CHECK(data.at("kind") == "run");
  CHECK(data.at("lead") == "Policy fifo; seed 1.");
  REQUIRE(data.at("setup").size() == 1);
  CHECK(data.at("setup").at(0).at("title") == "Workload");
  CHECK(data.at("setup").at(0).at("text").get<std::string>().find("case.csv") != std::string::npos);
  const auto& world = data.at("worlds").at(0);
  CHECK(world.at("name") == "");
  CHECK(world.at("title") == "Tickets");
  const auto& point = world.at("sweeps").at(0);
  CHECK(point.at("tiles").at(2).at("value") == "75.0 s");
  CHECK(point.at("tiles").at(2).at("label") == "service mean");
  const auto& row = point.at("tables").at(0).at("rows").at(0);
  CHECK(row.at("label") == "fifo");
  CHECK(row.at("cells").at(1) == 2);
  CHECK(point.at("charts").at(0).at("series").at(0).at("values") ==
        nlohmann::json::array({50.0, 100.0}));
  CHECK(point.at("charts").at(0).at("series").at(0).at("of") == 2);
  CHECK(point.at("series").at(0).at("charts").at(0).at("runs") == 2);
  CHECK(data.at("runs").at("rows").at(0).at("cells").at(1).at("code") == "id-fifo");
}

TEST_CASE("a comparison's page holds every policy and what failed") {
  const TemporaryDirectory directory;
  write_run(directory.file("fifo/1"), "fifo", "two");
  write_run(directory.file("las/1"), "las", "two");
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"});
  comparison.failed = {"srtf/1: killed"};
  write_text(directory.file("comparison.json"), to_json(comparison));
  const auto data = data_of(html_report(directory.path()));
  CHECK(data.at("kind") == "comparison");
  CHECK(data.at("lead") == "2 policies compared: fifo and las; seed 1.");
  const auto& point = data.at("worlds").at(0).at("sweeps").at(0);
  REQUIRE(point.at("series").size() == 2);
  const auto& overview = point.at("tables").at(0);
  CHECK(overview.at("columns").at(2).at("label") == "service mean");
  CHECK(overview.at("columns").at(3).at("label") == "difference to fifo");
  CHECK(overview.at("columns").at(4).at("label") == "speedup over fifo");
  CHECK(overview.at("rows").at(1).at("cells").at(2) == 75);
  CHECK(overview.at("rows").at(1).at("series") == 1);
  CHECK(data.at("failed").at(0) == "srtf/1: killed");
}

TEST_CASE("records that were switched off are missing from the page, damaged ones are errors") {
  const TemporaryDirectory directory;
  write_run(directory.file("bare"), "fifo", "bare");
  std::filesystem::remove(directory.file("bare/queue.csv"));
  const Json bare = report_data(directory.file("bare")).at("worlds")[0].at("sweeps")[0];
  CHECK(bare.at("charts")[1].at("key") == "queue");
  CHECK(bare.at("charts")[1].at("missing") == "Not recorded in this run.");

  CHECK_THROWS_AS(html_report(directory.file("nothing")), base::Error);
  write_run(directory.file("run"), "fifo", "one");
  const std::string tickets = read_text(directory.file("run/tickets.csv"));
  write_text(directory.file("run/tickets.csv"), tickets.substr(0, tickets.size() - 12));
  CHECK_THROWS_AS(html_report(directory.file("run")), base::Error);
  write_text(directory.file("run/tickets.csv"), tickets);
  CHECK_NOTHROW(html_report(directory.file("run")));
  write_text(directory.file("run/performance.json"), "{}");
  CHECK_THROWS_AS(html_report(directory.file("run")), base::Error);
}
