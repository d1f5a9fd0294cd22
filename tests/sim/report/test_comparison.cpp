#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "models/base/error.hpp"
#include "sim/report/comparison.hpp"
#include "sim/report/page_sentences.hpp"
#include "sim/report/policy_group.hpp"
#include "sim/report/report_data.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

std::optional<double> figure(const ComparedRun& run, const std::string& key) {
  const ComparedWorld& world = run.worlds.at(0);
  const auto& figures = world.declared->figures;
  return world.figures[static_cast<std::size_t>(&world::figure(figures, key) - figures.data())];
}

}  // namespace

TEST_CASE("samples pair over the subjects that every run has") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, 300});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, -1});
  write_office_run(directory.file("fifo/2"), "fifo", 2, {10, 20, 30});
  const Comparison comparison = compare_runs(directory.path(), {"fifo/1", "fifo/2", "srtf/1"});
  REQUIRE(comparison.runs.size() == 3);
  CHECK(comparison.name == "worked");
  CHECK(figure(comparison.runs[0], "service_seconds.served.mean") == 200);
  CHECK(figure(comparison.runs[0], "service_seconds.common.mean") == 150);
  CHECK(figure(comparison.runs[2], "service_seconds.common.mean") == 100);
  // One set over all seeds: ticket c counts nowhere.
  CHECK(figure(comparison.runs[1], "service_seconds.common.mean") == 15);
}

TEST_CASE("points of a sweep are compared over the same subjects") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("x=1/fifo/1"), "fifo", 1, {100, 200, -1});
  write_office_run(directory.file("x=1/srtf/1"), "srtf", 1, {50, 150, 250});
  write_office_run(directory.file("x=2/fifo/1"), "fifo", 1, {100, 200, 300});
  const Comparison comparison =
      compare_runs(directory.path(), {"x=1/fifo/1", "x=1/srtf/1", "x=2/fifo/1"});
  CHECK(figure(comparison.runs[1], "service_seconds.common.mean") == 100);
  CHECK(figure(comparison.runs[2], "service_seconds.common.mean") == 150);
  CHECK(sweep_of(comparison.runs[0]) == "x=1");
  const auto sweeps = by_sweep(policy_groups(comparison));
  REQUIRE(sweeps.size() == 2);
  CHECK(sweeps[0].size() == 2);
  CHECK(sweeps[1][0].policy == "fifo");
}

TEST_CASE("a note that does not hold at every point of a sweep names its points") {
  const auto notes_of = [](const std::vector<double>& first, const std::vector<double>& second) {
    const TemporaryDirectory directory;
    write_office_run(directory.file("x=1/fifo/1"), "fifo", 1, first);
    write_office_run(directory.file("x=2/fifo/1"), "fifo", 1, second);
    const Comparison comparison = compare_runs(directory.path(), {"x=1/fifo/1", "x=2/fifo/1"});
    write_text(directory.file("comparison.json"), to_json(comparison));
    return report_data(directory.path()).at("worlds")[0].at("notes");
  };
  const std::vector<double> whole = {100, 200, 300};
  const std::vector<double> cut = {100, 200, -1};
  CHECK(notes_of(whole, whole).empty());
  const auto both = notes_of(cut, cut);
  REQUIRE(both.size() == 1);
  const auto one = notes_of(whole, cut);
  REQUIRE(one.size() == 1);
  CHECK(one.at(0).get<std::string>() == "x=2: some tickets still wait");
}

TEST_CASE("comparison.json reads back, with all keys of a run in each entry") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, 300});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, -1});
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "srtf/1"});
  comparison.failed = {"las/1: ended by signal 11"};
  const std::string text = to_json(comparison);
  write_text(directory.file("comparison.json"), text);
  CHECK(to_json(read_comparison(directory.file("comparison.json"))) == text);
  const auto json = nlohmann::json::parse(text);
  CHECK(json.at("schema_version") == 1);
  const auto& run = json.at("runs").at(0);
  CHECK(run.at("directory") == "fifo/1");
  CHECK(run.at("policy") == "fifo");
  CHECK(run.at("seed") == 1);
  CHECK(run.at("service_seconds").at("common").at("mean") == 150);
  CHECK(run.at("service_seconds").at("served").at("p50") == 200);
  CHECK(run.at("tickets").at("served") == 3);
  CHECK_FALSE(run.contains("coffee"));
  CHECK(run.contains("wall_seconds"));
  CHECK(run.at("stamp_seconds").at("count") == 2);

  write_text(directory.file("comparison.json"), text.substr(0, text.size() - 20));
  CHECK_THROWS_AS(read_comparison(directory.file("comparison.json")), base::Error);
  CHECK_THROWS_AS(compare_runs(directory.path(), {"las/1"}), base::Error);
}

TEST_CASE("comparison.json is the text of one JSON object") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, -1});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, 3});
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "srtf/1"});
  comparison.name = "with \"quotes\"\nand lines";
  comparison.failed = {"las/1: why", "sjf/1: why"};
  const std::string text = to_json(comparison);
  CHECK(text == Json::parse(text).dump(2) + "\n");
  comparison.runs.clear();
  comparison.failed.clear();
  const std::string none = to_json(comparison);
  CHECK(none == Json::parse(none).dump(2) + "\n");
}

TEST_CASE("a comparison is read run by run, and what is no comparison is refused") {
  const TemporaryDirectory directory;
  const auto refusal = [&](const std::string& text) -> std::string {
    write_text(directory.file("comparison.json"), text);
    try {
      read_comparison(directory.file("comparison.json"));
    } catch (const base::Error& error) {
      return error.sentence();
    }
    return "";
  };
  const std::string blanks(std::size_t{17} << 20, ' ');
  CHECK(refusal("{\"runs\": [" + blanks + "]}") == "an element is longer than 16 MiB");
  CHECK(refusal(std::string(100'000, '[')) == "the JSON is nested deeper than 64 levels");
  CHECK(holds(refusal("{\"schema_version\": 2, \"runs\": [{}]}"), "found 2"));
  CHECK(
      holds(refusal("{\"schema_version\": 1, \"runs\": [{}]}"), "expected a value, found nothing"));
  CHECK(holds(refusal("[1]"), "found a JSON array"));
  CHECK(holds(refusal("{\"runs\": [}"), "syntax error"));
  std::string many = "{\"runs\": [0";
  for (int i = 0; i < 100'000; ++i) many += ",0";
  CHECK(refusal(many + "]}") == "has more than 100,000 elements");
}

TEST_CASE(
    "a page shows the first points of a long sweep one by one, and all of them in its table") {
  const TemporaryDirectory directory;
  std::vector<std::string> runs;
  for (int i = 0; i < 205; ++i) {
    runs.push_back("x=" + std::to_string(i) + "/fifo/1");
    write_office_run(directory.file(runs.back()), "fifo", 1, {100, 200, 10.0 + i});
  }
  write_text(directory.file("comparison.json"), to_json(compare_runs(directory.path(), runs)));
  const Json data = report_data(directory.path());
  CHECK(data.at("worlds")[0].at("sweeps").size() == 200);
  CHECK(data.at("overview")[0].at("rows").size() == 205);
  CHECK(data.at("runs").at("rows").size() == 205);
  CHECK(holds(data.at("lead").get<std::string>(), "the first 200 of 205;"));
}

TEST_CASE("a sentence names fifty words and counts the others") {
  std::vector<std::string> words(50, "a");
  CHECK(listed(words).ends_with("a, a and a"));
  words.resize(53, "b");
  CHECK(listed(words).ends_with("a, a and 3 more"));
}

TEST_CASE("the table names its baseline, aligns, and gives intervals over seeds") {
  const TemporaryDirectory directory;
  write_office_run(directory.file("fifo/1"), "fifo", 1, {100, 200, 300});
  write_office_run(directory.file("srtf/1"), "srtf", 1, {50, 150, 100});
  Comparison comparison = compare_runs(directory.path(), {"fifo/1", "srtf/1"});
  std::string table = to_table(comparison);
  CHECK(holds(table, "speedup over fifo"));
  CHECK(holds(table, "2.00x"));
  CHECK(holds(table, "3.33 min"));
  CHECK_FALSE(holds(table, "±"));
  // Header and rows end in the same column.
  std::vector<std::size_t> lengths;
  std::size_t at = 0;
  for (int line = 0; line < 3; ++line) {
    const std::size_t end = table.find('\n', at);
    lengths.push_back(end - at);
    at = end + 1;
  }
  CHECK(lengths[0] == lengths[1]);
  CHECK(lengths[1] == lengths[2]);

  write_office_run(directory.file("fifo/2"), "fifo", 2, {110, 210, 310});
  write_office_run(directory.file("srtf/2"), "srtf", 2, {60, 170, 110});
  comparison = compare_runs(directory.path(), {"fifo/1", "fifo/2", "srtf/1", "srtf/2"});
  comparison.failed = {"las/1: why"};
  table = to_table(comparison);
  // 200 and 210 s: 205 +- 12.7062 * 5.
  CHECK(holds(table, "3.42 min ± 63.5 s"));
  CHECK(holds(table, "failed: las/1: why"));
}
