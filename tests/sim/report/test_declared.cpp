// A figure and a chart that a world declares appear everywhere by their declaration alone: the
// `coffee` of tests/sim/report/ticket_office.cpp is named by no other file than that and this one.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/figure_docs.hpp"
#include "sim/report/report_data.hpp"
#include "sim/world/result_kinds.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

/// A run with `breaks` coffee breaks, and what was drunk.
RunSummary with_coffee(const std::string& directory, const std::string& policy, double breaks) {
  const std::vector<Ticket> tickets = {{"a", 0, 10}};
  RunSummary run = office_run(policy, 1, tickets);
  world::set(run.worlds[0].section.figures, "coffee.breaks", breaks);
  write_office_files(directory, tickets);
  write_text(directory + "/coffee.csv", "window,cups\n1,4\n2,6\n");
  write_summaries(directory, run);
  return run;
}

/// The object of a list whose `key` is this.
const Json* by_key(const Json& list, const std::string& key) {
  for (const Json& item : list)
    if (item.at("key") == key) return &item;
  return nullptr;
}

bool has_column(const Json& tables, const std::string& label) {
  for (const Json& table : tables)
    for (const Json& column : table.at("columns"))
      if (column.at("label") == label) return true;
  return false;
}

}  // namespace

TEST_CASE("a declared figure and chart appear in all places") {
  const TemporaryDirectory directory;
  const RunSummary run = with_coffee(directory.file("fifo/1"), "fifo", 3);
  with_coffee(directory.file("las/1"), "las", 5);
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"});
  write_text(directory.file("comparison.json"), to_json(comparison));

  // summary.json and comparison.json
  const auto summary = nlohmann::json::parse(read_text(directory.file("fifo/1/summary.json")));
  CHECK(summary.at("coffee").at("breaks") == 3);
  const auto all = nlohmann::json::parse(read_text(directory.file("comparison.json")));
  CHECK(all.at("runs").at(1).at("coffee").at("breaks") == 5);
  // the terminal: the lines of a run and the table of a comparison
  CHECK(holds(to_text(run, ""), "coffee breaks          3\n"));
  world::Section prominent = *comparison.runs.front().worlds.front().declared;
  for (world::Figure& figure : prominent.figures)
    if (figure.key == "coffee.breaks") figure.place = world::Place::headline;
  for (ComparedRun& compared : comparison.runs) compared.worlds[0].declared = &prominent;
  CHECK(holds(to_table(comparison), "coffee breaks"));
  // the page: the table of its group and the chart, of a run and of a comparison
  const Json page = report_data(directory.path()).at("worlds")[0].at("sweeps")[0];
  CHECK(has_column(page.at("tables"), "coffee breaks"));
  REQUIRE(by_key(page.at("charts"), "coffee") != nullptr);
  CHECK(by_key(page.at("charts"), "coffee")->at("labels") == Json::array({"1", "2"}));
  const Json alone = report_data(directory.file("fifo/1")).at("worlds")[0].at("sweeps")[0];
  CHECK(has_column(alone.at("tables"), "coffee breaks"));
  CHECK(by_key(alone.at("charts"), "coffee") != nullptr);
  // the documentation
  CHECK(holds(
      figures_markdown(declared_office()),
      "| `coffee.breaks` | Breaks for coffee; only in offices with a machine. | count | sum |"));
  CHECK(holds(figures_text("ticket-office"), "coffee.breaks"));
}

TEST_CASE("a figure that no run has stands in no table") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {10});
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1"});
  write_text(directory.file("comparison.json"), to_json(comparison));
  const Json page = report_data(directory.path()).at("worlds")[0].at("sweeps")[0];
  CHECK_FALSE(has_column(page.at("tables"), "coffee breaks"));
  CHECK_FALSE(has_column(page.at("tables"), "lost"));
  CHECK(has_column(page.at("tables"), "open"));
}

TEST_CASE("several worlds: a table each in the terminal, a part each on the page") {
  const TemporaryDirectory directory;
  const std::vector<Ticket> tickets = {{"a", 0, 10}, {"b", 0, 30}};
  for (const char* policy : {"fifo", "las"}) {
    const double factor = policy[0] == 'f' ? 1 : 0.5;
    RunSummary run = office_run(policy, 1, tickets);
    run.worlds = {office("north", policy, tickets),
                  office("south", policy, {{"s", 0, 100 * factor}})};
    run.shared = shared_figures({"north", "south"});
    world::set(run.shared, "gpus_held.north", 0.5);
    const std::string folder = directory.file(std::string(policy) + "/1");
    write_summaries(folder, run);
    write_office_files(folder + "/north", tickets);
    write_office_files(folder + "/south", {{"s", 0, 100 * factor}});
  }
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"});
  const std::string table = to_table(comparison);
  CHECK(holds(table, "north\npolicy  tickets  served  service mean"));
  CHECK(holds(table, "south\npolicy"));
  CHECK(holds(table, "2.00x"));
  CHECK(holds(table, "all worlds\npolicy  GPU time held by north"));
  write_text(directory.file("comparison.json"), to_json(comparison));
  CHECK(to_json(read_comparison(directory.file("comparison.json"))) == to_json(comparison));
  const Json page = report_data(directory.path());
  REQUIRE(page.at("worlds").size() == 2);
  const Json& south = page.at("worlds")[1];
  CHECK(south.at("name") == "south");
  CHECK(south.at("sweeps")[0].at("tables")[0].at("rows")[1].at("cells")[2] == 50);
  CHECK(south.at("sweeps")[0].at("charts")[0].at("series")[0].at("values") == Json::array({100.0}));
  CHECK(by_key(page.at("overview"), "shared") != nullptr);
}

TEST_CASE("the headline names the best policy, by how much, and who got most done") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, -1});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 100, 400});
  write_text(directory.file("comparison.json"),
             to_json(compare_runs(directory.path(), {"fifo/1", "srtf/1"})));
  const Json page = report_data(directory.path()).at("worlds")[0].at("sweeps")[0];
  CHECK(page.at("headline") ==
        "srtf has the least service mean, 75.0 s (service of the tickets that every policy served)"
        ": 2.00 times less than fifo with 2.50 min. The next one is 75.0 s behind; nothing here "
        "tells how sure that is. Most served: srtf with 3.");
}

TEST_CASE("the headline names no winner among policies that print the same") {
  const auto headline_of = [](const std::vector<std::pair<std::string, double>>& policies) {
    const TemporaryDirectory directory;
    std::vector<std::string> runs;
    for (const auto& [policy, seconds] : policies) {
      runs.push_back(policy + "/1");
      write_office_run(directory.file(runs.back()), policy, 1, {seconds});
    }
    write_text(directory.file("comparison.json"), to_json(compare_runs(directory.path(), runs)));
    const Json page = report_data(directory.path()).at("worlds")[0].at("sweeps")[0];
    return page.at("headline").get<std::string>();
  };
  const std::string group = " (service of the tickets that every policy served)";
  CHECK(headline_of({{"fifo", 150}, {"las", 75}, {"srtf", 75.001}}) ==
        "No difference seen between las and srtf, which have the least: service mean 75.0 s" +
            group + ". The next one is 75.0 s behind; nothing here tells how sure that is.");
  CHECK(headline_of({{"fifo", 60.001}, {"las", 60}, {"srtf", 90}}) ==
        "No difference seen between fifo and las, which have the least: service mean 60.0 s" +
            group + ". The next one is 30.0 s behind; nothing here tells how sure that is.");
  CHECK(headline_of({{"fifo", 60}, {"las", 60.001}}) ==
        "No difference seen between fifo and las: service mean 60.0 s" + group + ".");
}

TEST_CASE("what a kind declares is known by its name alone") {
  CHECK(world::result_kinds().named("ticket-office", {}).section().title == "Tickets");
  CHECK_THROWS_AS(figures_text("ticket-ofice"), base::Error);
}
