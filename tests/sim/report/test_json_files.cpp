#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "models/base/error.hpp"
#include "recorded_run.hpp"
#include "sim/report/comparison.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

Summary full_summary() {
  Summary s;
  s.run_id = "0123456789abcdef";
  s.name = "a \"quoted\" <name>";
  s.policy = "srtf";
  s.seed = 18446744073709551615ULL;
  s.jobs = {10, 6, 1, 1, 2};
  s.jct.finished = Distribution{1.1, 2.2, 3.3, 1.0 / 3};
  s.jct.exhaustion = Distribution{1, 2, 3, 4};
  s.wait.finished = Distribution{0, 0, 1e-7, 12345678.9};
  s.first_start_wait.finished = Distribution{5, 6, 7, 8};
  s.makespan_seconds = 0.1 + 0.2;
  s.gpu_utilization = 0.75;
  s.cluster_throughput = Throughput{100, 250.5};
  s.restarts = 3;
  s.restart_gpu_seconds = 21;
  s.lost_work_gpu_seconds = 600;
  s.events = 4'000'000'000ULL;
  s.simulated_seconds = 86400;
  s.horizon_cut = true;
  s.skipped_rows = 2;
  s.excluded_rows = 5;
  s.notes = {"first", "second"};
  s.throughput = ThroughputOrigins{7, 8, 9};
  s.devices = {{"a40", false, "data sheets", "", "", "", "", std::nullopt},
               {"h100", true, "profile h100.yaml", "h100.yaml", "0123abcd", "matrix products",
                "links", ErrorFigures{0.04, 0.1}}};
  s.pruned = {{"bert__1.3B", "tw/0.75/128", 128, "h100", 4, 2.5, 1.25, "profile h100.yaml"},
              {"bert__1.3B", "tw/0.75/128", 128, "a40", 4, std::nullopt, 3.5, "a data sheet"}};
  return s;
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

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("summary.json reads back as it was written, absent figures as null") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("summary.json");
  write_text(path, to_json(full_summary()));
  CHECK(read_summary(path) == full_summary());

  Summary empty;
  empty.name = "nothing finished";
  write_text(path, to_json(empty));
  CHECK(read_summary(path) == empty);
  const auto json = nlohmann::json::parse(to_json(empty));
  CHECK(json.at("schema_version") == 1);
  CHECK(json.at("jct_seconds").at("finished").is_null());
  CHECK(json.at("cluster_throughput").at("mean").is_null());
  CHECK(json.at("cluster_throughput").at("peak").is_null());
  CHECK(json.at("makespan_seconds").is_null());
  // Runs without throughputs keep the bytes they always had.
  CHECK_FALSE(json.contains("throughput"));
}

TEST_CASE("summary.json has the keys that others rely on") {
  const auto json = nlohmann::json::parse(to_json(full_summary()));
  for (const char* key : {"submitted", "finished", "rejected", "failed", "unfinished"})
    CHECK(json.at("jobs").contains(key));
  for (const char* times : {"jct_seconds", "wait_seconds", "first_start_wait_seconds"})
    for (const char* key : {"mean", "p50", "p95", "p99"})
      CHECK(json.at(times).at("finished").contains(key));
  for (const char* key :
       {"run_id", "policy", "seed", "makespan_seconds", "gpu_utilization", "restarts", "events"})
    CHECK(json.contains(key));
  Performance performance;
  const auto costs = nlohmann::json::parse(to_json(performance));
  CHECK(costs.contains("wall_seconds"));
  CHECK(costs.contains("peak_rss_bytes"));
  for (const char* key : {"count", "mean", "p50", "p99", "max"})
    CHECK(costs.at("decision_seconds").contains(key));
}

TEST_CASE("performance.json reads back as it was written") {
  const TemporaryDirectory directory;
  Performance p;
  p.wall_seconds = 1.25;
  p.peak_rss_bytes = 123456789;
  p.decisions = 42;
  p.decision_mean_seconds = 1e-6;
  p.decision_p50_seconds = 2e-6;
  p.decision_p99_seconds = 3e-6;
  p.decision_max_seconds = 4e-6;
  write_text(directory.file("p.json"), to_json(p));
  const Performance back = read_performance(directory.file("p.json"));
  CHECK(to_json(back) == to_json(p));
}

TEST_CASE("damaged JSON files are named with their fault") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("summary.json");
  const std::string good = to_json(full_summary());
  const auto fault_of = [&](const std::string& text) {
    write_text(path, text);
    return error_of([&] { read_summary(path); });
  };
  CHECK(holds(error_of([&] { read_summary(directory.file("none.json")); }), "none.json"));
  CHECK(holds(fault_of(""), "syntax error"));
  CHECK(holds(fault_of(good.substr(0, good.size() / 2)), "syntax error"));
  CHECK(holds(fault_of("[1, 2]"), "expected a JSON object, found a JSON array"));
  auto json = nlohmann::json::parse(good);
  json["schema_version"] = 2;
  CHECK(holds(fault_of(json.dump()), "expected a version from 1 to 1, found 2"));
  json = nlohmann::json::parse(good);
  json["jobs"]["finished"] = -1;
  CHECK(holds(fault_of(json.dump()), "jobs.finished: expected a whole number"));
  json = nlohmann::json::parse(good);
  json["jct_seconds"]["finished"].erase("p95");
  CHECK(holds(fault_of(json.dump()), "jct_seconds.finished.p95: expected a value, found nothing"));
  json = nlohmann::json::parse(good);
  json["policy"] = 3;
  CHECK(holds(fault_of(json.dump()), "policy: expected a text, found number"));
  json = nlohmann::json::parse(good);
  json["notes"] = nlohmann::json::array({1});
  CHECK(holds(fault_of(json.dump()), "notes: expected a list of texts"));
}

TEST_CASE("texts that are no UTF-8 do not end a run") {
  Summary s;
  s.notes = {"caf\xe9"};
  const auto json = nlohmann::json::parse(to_json(s));
  CHECK(json.at("notes").at(0) == "caf\xef\xbf\xbd");
}
