#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "models/base/error.hpp"
#include "sim/report/run_summary.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "tests/sim/report/ticket_office.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

RunSummary full_run() {
  RunSummary run = office_run("srtf", 18446744073709551615ULL,
                              {{"a", 0, 0.1 + 0.2}, {"b", 1, 12345678.9}, {"c", 2, {}}});
  run.name = "a \"quoted\" <name>";
  run.events = 4'000'000'000ULL;
  run.horizon_cut = true;
  WorldResult& world = run.worlds.front();
  world.left_undone = "1 ticket could never be served";
  world::set(world.section.figures, "coffee.breaks", 3);
  world.section.notes = {"first", "second"};
  world.section.tables[0].rows = {{"one", true, 1.0 / 3, 7.0},
                                  {"two", false, world::Cell(), world::Cell()}};
  return run;
}

/// What a reader of the files gets back, written again.
std::string round_trip(const std::string& directory, const RunSummary& run) {
  write_summaries(directory, run);
  const RunSummary back = read_run(directory);
  return summary_files(back).front().text + performance_files(back).front().text;
}

std::string written(const RunSummary& run) {
  return summary_files(run).front().text + performance_files(run).front().text;
}

/// The sentence of the error a call throws, with its place; empty when it throws none.
std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("summary.json and performance.json read back as they were written") {
  const TemporaryDirectory directory;
  CHECK(round_trip(directory.path(), full_run()) == written(full_run()));
  CHECK(read_run(directory.path()).run_id == "id-srtf");
  CHECK(read_run(directory.path()).left_undone() == "1 ticket could never be served");
  const RunSummary empty = office_run("fifo", 1, {});
  CHECK(round_trip(directory.path(), empty) == written(empty));
}

TEST_CASE("absent figures are null, null as a whole, or left out, as declared") {
  const auto json = nlohmann::json::parse(summary_files(office_run("fifo", 1, {})).front().text);
  CHECK(json.at("schema_version") == 1);
  CHECK(json.at("kind") == "ticket-office");
  CHECK(json.at("open_seconds").is_null());
  CHECK(json.at("service_seconds").at("served").is_null());
  CHECK_FALSE(json.contains("coffee"));
  CHECK_FALSE(json.contains("windows"));
  CHECK_FALSE(json.contains("left_undone"));
}

TEST_CASE("whole numbers have no point, rows their cells at dotted keys") {
  const std::string text = summary_files(full_run()).front().text;
  CHECK(holds(text, "\"asked\": 3,"));
  const auto json = nlohmann::json::parse(text);
  CHECK(json.at("service_seconds").at("served").at("mean").is_number_float());
  CHECK(json.at("coffee").at("breaks") == 3);
  CHECK(json.at("windows").at(0).at("stamp").at("id") == 7);
  CHECK(json.at("windows").at(0).at("open") == true);
  CHECK(json.at("windows").at(1).at("stamp").is_null());
  const auto costs = nlohmann::json::parse(performance_files(full_run()).front().text);
  CHECK(costs.at("wall_seconds") == 0.5);
  CHECK(costs.at("peak_rss_bytes") == 1 << 20);
  CHECK(costs.at("stamp_seconds").at("count") == 2);
}

TEST_CASE("a run of several worlds: what they share, and each in its folder as if alone") {
  const TemporaryDirectory directory;
  RunSummary run = office_run("fifo+las", 1, {{"a", 0, 5}});
  run.worlds.front().name = "north";
  run.worlds.push_back(office("south", "las", {{"b", 0, 7}, {"c", 0, {}}}));
  run.worlds.back().left_undone = "1 ticket waits for ever";
  run.shared = shared_figures({"north", "south"});
  world::set(run.shared, "gpus_held.north", 0.25);
  write_summaries(directory.path(), run);
  const auto whole = nlohmann::json::parse(read_text(directory.file("summary.json")));
  CHECK(whole.at("worlds").at(1).at("name") == "south");
  CHECK(whole.at("gpus_held").at("north") == 0.25);
  CHECK(whole.at("gpus_held").at("south").is_null());
  CHECK_FALSE(whole.contains("tickets"));

  const RunSummary back = read_run(directory.path());
  REQUIRE(back.worlds.size() == 2);
  CHECK(back.left_undone() == "south: 1 ticket waits for ever");
  CHECK(world::figure(back.worlds[1].section.figures, "tickets.asked").value == 2);
  CHECK(summary_files(back)[2].text == summary_files(run)[2].text);

  const RunSummary alone = read_run(directory.file("south"));
  REQUIRE(alone.worlds.size() == 1);
  CHECK(alone.policy == "las");
  CHECK(alone.run_id == run.run_id);
  CHECK(world::figure(alone.worlds[0].section.costs, "stamp_seconds.count").value == 2);

  const std::string text = to_text(back, "out");
  CHECK(holds(text, "north: ticket-office, policy fifo+las\n  tickets "));
  CHECK(holds(text, "GPU time held by north 25.00 %"));
}

TEST_CASE("the lines of a run: figures of one line together, zeros where they say something") {
  const std::string text = to_text(full_run(), "out/dir");
  CHECK(holds(text, "a \"quoted\" <name>: policy srtf, seed 18446744073709551615, run id-srtf\n"));
  CHECK(holds(text, "  tickets                3 asked, 2 served\n"));
  CHECK(holds(text, "  time of service        mean 6172839.10 s, median "));
  CHECK(holds(text, "  open                   12345678.90 s\n"));
  CHECK(holds(text, "  coffee breaks          3\n"));
  CHECK(holds(text, "  cut at                 second 1000\n"));
  CHECK(holds(text, "  took                   0.50 s for 4000000000 events\n"));
  CHECK_FALSE(holds(to_text(office_run("fifo", 1, {}), ""), "coffee"));
}

TEST_CASE("damaged JSON files are named with their fault") {
  const TemporaryDirectory directory;
  write_summaries(directory.path(), full_run());
  const std::string path = directory.file("summary.json");
  const std::string good = read_text(path);
  const auto fault_of = [&](const std::string& text) {
    write_text(path, text);
    return error_of([&] { read_run(directory.path()); });
  };
  CHECK(holds(error_of([&] { read_run(directory.file("none")); }), "none/summary.json"));
  CHECK(holds(fault_of(""), "syntax error"));
  CHECK(holds(fault_of(good.substr(0, good.size() / 2)), "syntax error"));
  CHECK(holds(fault_of("[1, 2]"), "expected a JSON object, found a JSON array"));
  auto json = nlohmann::json::parse(good);
  json["schema_version"] = 2;
  CHECK(holds(fault_of(json.dump()), "expected a version from 1 to 1, found 2"));
  json = nlohmann::json::parse(good);
  json["tickets"]["served"] = -1;
  CHECK(holds(fault_of(json.dump()), "tickets.served: expected a whole number"));
  json = nlohmann::json::parse(good);
  json["service_seconds"]["served"].erase("p95");
  CHECK(
      holds(fault_of(json.dump()), "service_seconds.served.p95: expected a value, found nothing"));
  json = nlohmann::json::parse(good);
  json["service_seconds"] = 3;
  CHECK(holds(fault_of(json.dump()), "service_seconds: expected an object, found number"));
  json = nlohmann::json::parse(good);
  json["policy"] = 3;
  CHECK(holds(fault_of(json.dump()), "policy: expected a text, found number"));
  json = nlohmann::json::parse(good);
  json["notes"] = nlohmann::json::array({1});
  CHECK(holds(fault_of(json.dump()), "notes: expected a list of texts"));
  json = nlohmann::json::parse(good);
  json["windows"][0].erase("open");
  CHECK(holds(fault_of(json.dump()), "windows[0].open: expected a value, found nothing"));
  json = nlohmann::json::parse(good);
  json["kind"] = "ticket-ofice";
  const std::string fault = fault_of(json.dump());
  CHECK(holds(fault, "kind"));
  CHECK(holds(fault, "ticket-office"));
  write_text(path, good);
  write_text(directory.file("performance.json"), "{\"schema_version\": 1}");
  CHECK(holds(error_of([&] { read_run(directory.path()); }), "wall_seconds"));
}

TEST_CASE("texts that are not UTF-8 do not end a run") {
  RunSummary run = full_run();
  run.worlds.front().section.notes = {"caf\xe9"};
  const auto json = nlohmann::json::parse(summary_files(run).front().text);
  CHECK(json.at("notes").at(0) == "caf\xef\xbf\xbd");
}
