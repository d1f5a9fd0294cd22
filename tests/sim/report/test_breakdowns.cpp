// Breakdowns by the words of columns, and comparisons as tables for programs.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/report/breakdown_sums.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/report_data.hpp"
#include "sim/report/runs_csv.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

std::vector<std::string> words(const BreakdownColumn& column) {
  std::vector<std::string> out;
  for (const SubjectGroup& group : column.groups) out.push_back(group.word);
  return out;
}

BreakdownColumn sums_of(const std::vector<std::string_view>& rows) {
  BreakdownSums sums({"word"}, 1);
  const std::vector<double> value{2};
  for (const std::string_view& word : rows) sums.add({0, 0, value, 5, {&word, 1}});
  auto columns = sums.take();
  return columns.empty() ? BreakdownColumn{} : columns.front();
}

}  // namespace

TEST_CASE("groups stand as people count: numbers by size, words by how many there are") {
  CHECK(words(sums_of({"17-32", "1", "<1", ">512", "2", "5-8"})) ==
        std::vector<std::string>{"<1", "1", "2", "5-8", "17-32", ">512"});
  const BreakdownColumn users = sums_of({"bob", "alice", "eve", "alice"});
  CHECK(words(users) == std::vector<std::string>{"alice", "bob", "eve"});
  CHECK(users.groups[0].count == 2);
  CHECK(users.groups[0].amount == 10);
  CHECK(users.groups[0].sums == std::vector<double>{4});
}

TEST_CASE("many groups end in one of the others") {
  CHECK(words(sums_of({"one", "one"})) == std::vector<std::string>{"one"});
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) names.push_back("user" + std::to_string(100 + i));
  std::vector<std::string_view> rows(names.begin(), names.end());
  rows.push_back(names[59]);
  const BreakdownColumn users = sums_of(rows);
  REQUIRE(users.groups.size() == kMostGroups + 1);
  CHECK(users.groups.front().word == "user159");
  CHECK(users.groups.back().word == kOtherGroups);
  CHECK(users.groups.back().count == 20);
}

TEST_CASE("a comparison has its breakdowns, over the common subjects, in JSON and on the page") {
  const TemporaryDirectory directory;
  for (const char* policy : {"fifo", "las"}) {
    const double factor = policy[0] == 'f' ? 1 : 0.5;
    const std::vector<Ticket> tickets = {{"a", 0, 10 * factor, "adults"},
                                         {"b", 1, 1 + 20 * factor, "children"},
                                         {"c", 2, 2 + 40 * factor, "children"},
                                         {"d", 3, {}, "adults"},
                                         {"e", 4, {}, "nobody"}};
    const std::string run = directory.file(std::string(policy) + "/1");
    write_office_files(run, tickets);
    write_summaries(run, office_run(policy, 1, tickets));
  }
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "las/1"});
  // Ticket e never came.
  CHECK(comparison.common[0].common == 3);
  CHECK(comparison.common[0].all == 4);
  const std::string text = to_json(comparison);
  write_text(directory.file("comparison.json"), text);
  CHECK(to_json(read_comparison(directory.file("comparison.json"))) == text);
  const auto groups = Json::parse(text).at("runs")[1].at("breakdowns").at("who");
  CHECK(groups == Json::parse(R"([{"is":"children","count":2,"amount":2.0,"sums":[30.0]},
                                  {"is":"adults","count":1,"amount":1.0,"sums":[5.0]}])"));
  const Json point = report_data(directory.path()).at("worlds")[0].at("sweeps")[0];
  const auto is_by = [](const Json& item) { return holds(item.at("key"), "by-who"); };
  const auto& tables = point.at("tables");
  const auto table = std::find_if(tables.begin(), tables.end(), is_by);
  REQUIRE(table != tables.end());
  CHECK(table->at("rows")[0].at("label") == "children");
  CHECK(table->at("rows")[0].at("cells") == Json::parse("[2.0, 30.0, 2.0, 2.0, 15.0, 2.0]"));
  const auto& charts = point.at("charts");
  const auto heat = std::find_if(charts.begin(), charts.end(), is_by);
  REQUIRE(heat != charts.end());
  CHECK(heat->at("columns") == Json::array({"fifo", "las"}));
  CHECK(heat->at("values") == Json::parse("[[30.0, 15.0], [10.0, 5.0]]"));
}

TEST_CASE("runs.csv: a row a run, with the values of the sweep and all figures") {
  const TemporaryDirectory directory;
  for (const char* size : {"2", "large"}) {
    const std::vector<Ticket> tickets = {{"a", 0, 10.5}};
    RunSummary run = office_run("fifo", 7, tickets);
    run.point = {{"office.size", size}};
    std::string name("size-");
    name.append(size).append("/fifo/7");
    const std::string folder = directory.file(name);
    write_office_files(folder, tickets);
    write_summaries(folder, run);
  }
  const Comparison comparison =
      compare_runs(directory.path(), {"size-2/fifo/7", "size-large/fifo/7"});
  const std::string text = runs_csv(comparison);
  CHECK(text.starts_with("directory,name,office.size,policy,seed,run_id,tickets.asked,"));
  CHECK(holds(text, "\nsize-2/fifo/7,worked,2,fifo,7,id-fifo,1,1,0,10.5,"));
  CHECK(holds(text, "\nsize-large/fifo/7,worked,large,fifo,7,"));
  CHECK(count(text, "\n") == 3);
  const auto json = Json::parse(to_json(comparison));
  CHECK(json.at("runs")[0].at("point") == Json::parse(R"({"office.size": 2})"));
  CHECK(json.at("runs")[1].at("point").at("office.size") == "large");
  CHECK(point_name(comparison.runs[0]) == "office.size=2");
}
