#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "models/base/error.hpp"
#include "recorded_run.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/html_report.hpp"
#include "sim/report/report_data.hpp"

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
  RecordedRun run(path, inventory_of({{1, "t4", 4, "", {}}}),
                  workload_of({job("<a>", 0), job("</script><b>", 5)}), {"0123", name, policy, 1});
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 1, 1)});
  run.submitted(5, 1);
  run.started(5, 1, {share(0, 1, 2)});
  run.finished(50, 0);
  run.finished(105, 1);
  run.finish(105);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
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
  CHECK(data.at("job_names") == nlohmann::json::array({"<a>", "</script><b>"}));
}

TEST_CASE("a run's page holds its tables and charts") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"), "fifo", "one");
  const auto data = data_of(html_report(directory.file("run")));
  CHECK(data.at("kind") == "run");
  CHECK(data.at("workload").get<std::string>().find("case.csv") != std::string::npos);
  const auto& series = data.at("sweeps").at(0).at("series").at(0);
  CHECK(series.at("policy") == "fifo");
  CHECK(series.at("table").at("jct").at("finished").at(0).at(0) == 75);
  CHECK(series.at("table").at("jobs").at("finished") == 2);
  CHECK(series.at("cdf").at("jct") == nlohmann::json::array({50.0, 100.0}));
  CHECK(series.at("timeline").at("types").at(0) == "t4");
  CHECK(series.at("gantt").at("runs") == 2);
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
  const auto& series = data.at("sweeps").at(0).at("series");
  REQUIRE(series.size() == 2);
  CHECK(series.at(1).at("table").at("jct").at("common").at(0).at(0) == 75);
  CHECK(data.at("failed").at(0) == "srtf/1: killed");
}

TEST_CASE("records that were switched off are missing from the page, damaged ones are errors") {
  const TemporaryDirectory directory;
  {
    RecordedRun run(directory.file("bare"), inventory_of({{1, "t4", 1, "", {}}}),
                    workload_of({job("a", 0)}), {"id", "bare", "fifo", 1},
                    {false, false, false, false, 0});
    run.finish(0, true);
  }
  const Json bare = report_data(directory.file("bare"));
  CHECK(bare.at("sweeps")[0].at("series")[0].at("timeline").is_null());
  CHECK(bare.at("sweeps")[0].at("series")[0].at("gantt").is_null());

  CHECK_THROWS_AS(html_report(directory.file("nothing")), base::Error);
  write_run(directory.file("run"), "fifo", "one");
  const std::string jobs = read_text(directory.file("run/jobs.csv"));
  write_text(directory.file("run/jobs.csv"), jobs.substr(0, jobs.size() - 30));
  CHECK_THROWS_AS(html_report(directory.file("run")), base::Error);
  write_text(directory.file("run/jobs.csv"), jobs);
  CHECK_NOTHROW(html_report(directory.file("run")));
  write_text(directory.file("run/performance.json"), "{}");
  CHECK_THROWS_AS(html_report(directory.file("run")), base::Error);
}
