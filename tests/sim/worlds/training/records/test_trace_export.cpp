// trace.json is valid, and complete events on one GPU never overlap.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "models/base/random.hpp"
#include "recorded_run.hpp"

using namespace orrery;
using namespace orrery::training;
using namespace orrery::training::testing;
using Json = nlohmann::json;

namespace {

std::vector<Json> of_phase(const Json& trace, const std::string& phase) {
  std::vector<Json> out;
  for (const Json& event : trace.at("traceEvents"))
    if (event.at("ph") == phase) out.push_back(event);
  return out;
}

/// Every rule of the format that a viewer relies on.
void check_trace(const Json& trace) {
  std::map<std::int64_t, std::int64_t> process_of_thread;
  std::map<std::int64_t, std::vector<std::pair<double, double>>> runs;
  std::map<std::string, int> open;
  std::set<std::int64_t> processes;
  std::set<std::int64_t> async_ids;
  for (const Json& event : trace.at("traceEvents")) {
    const std::string phase = event.at("ph");
    REQUIRE(std::string("MXbeiC").find(phase) != std::string::npos);
    CHECK(event.at("name").is_string());
    CHECK(event.at("ts").get<double>() >= 0);
    const std::int64_t pid = event.at("pid");
    const std::int64_t tid = event.at("tid");
    processes.insert(pid);
    if (phase == "X") {
      CHECK(event.at("dur").get<double>() >= 0);
      const double start = event.at("ts");
      runs[tid].emplace_back(start, start + event.at("dur").get<double>());
      const auto [known, added] = process_of_thread.try_emplace(tid, pid);
      CHECK(known->second == pid);
    } else if (phase == "b" || phase == "e") {
      const std::string key = event.at("cat").get<std::string>() + '/' + event.at("id").dump() +
                              '/' + event.at("name").get<std::string>();
      open[key] += phase == "b" ? 1 : -1;
      if (phase == "b") CHECK(async_ids.insert(event.at("id").get<std::int64_t>()).second);
    } else if (phase == "i") {
      CHECK(event.at("s") == "p");
    } else if (phase == "C") {
      for (const Json& value : event.at("args")) CHECK(value.is_number());
    }
  }
  for (const auto& [key, count] : open) CHECK(count == 0);
  for (auto& [tid, spans] : runs) {
    CHECK(processes.count(tid) == 0);
    std::sort(spans.begin(), spans.end());
    // Ends are sums of decimals here: a nanosecond is a thousandth of the unit.
    for (std::size_t i = 1; i < spans.size(); ++i)
      CHECK(spans[i - 1].second <= spans[i].first + 5e-4);
  }
}

}  // namespace

TEST_CASE("runs, waits, instants and counters stand where the viewer looks for them") {
  const TemporaryDirectory directory;
  auto fraction = job("fraction", 3);
  fraction.gpu_milli = 300;
  RecordedRun run(directory.file("run"), inventory_of({{2, "t4", 2, 0, 0, {}, {}}}),
                  workload_of({job("a \"b\"", 1, 2), job("wide", 2, 2), fraction}));
  run.submitted(1, 0);
  run.started(1, 0, {share(0, 2, 0b11)});
  run.submitted(2, 1);
  run.submitted(3, 2);
  run.started(3, 2, {share(1, 1, 0b1, 300)});
  run.preempted(4.5, 0, find_reason("shorter_remaining"), 1);
  run.started(4.5, 1, {share(0, 2, 0b11)});
  run.finished(6, 1);
  run.resumed(6, 0, {share(0, 1, 0b1), share(1, 1, 0b10)}, 0);
  run.node_failed(8, 1);
  run.interrupted(8, 0, 1, 2);
  run.failed(8, 2, 1, 5);
  run.finish(9.123456789, true);
  const Json trace = Json::parse(read_text(directory.file("run/trace.json")));
  check_trace(trace);

  const auto complete = of_phase(trace, "X");
  CHECK(complete.size() == 2 + 2 + 2);
  CHECK(complete[0].at("name") == "a \"b\"");
  CHECK(complete[0].at("ts") == 1e6);
  CHECK(complete[0].at("dur") == 3.5e6);
  CHECK(complete[0].at("args").at("ended_by") == "preempted");
  // wide 2..4.5, a 4.5..6 and 8..end, and the share on its node: four pairs.
  CHECK(of_phase(trace, "b").size() == 4);
  CHECK(of_phase(trace, "e").back().at("ts") == 9123456.789);
  std::vector<std::string> instants;
  for (const Json& event : of_phase(trace, "i")) instants.push_back(event.at("name"));
  CHECK(instants == std::vector<std::string>{"preempted a \"b\"", "node failed",
                                             "interrupted a \"b\"", "failed fraction"});
  std::vector<double> used;
  for (const Json& event : of_phase(trace, "C"))
    if (event.at("name") == "GPUs in use") used.push_back(event.at("args").at("gpus"));
  CHECK(used == std::vector<double>{2, 2.3, 0});
}

TEST_CASE("random runs leave valid traces, and a limit leaves whole events") {
  for (const std::uint64_t limit :
       {std::uint64_t{1'000'000}, std::uint64_t{100}, std::uint64_t{60}}) {
    const TemporaryDirectory directory;
    constexpr std::size_t kJobs = 200;
    std::vector<workloads::TrainingJob> jobs;
    for (std::size_t j = 0; j < kJobs; ++j) jobs.push_back(job("j" + std::to_string(j), 0));
    RecordOptions options;
    options.trace_events = limit;
    RecordedRun run(directory.file("run"), inventory_of({{2, "t4", 2, 0, 0, {}, {}}}),
                    workload_of(std::move(jobs)), options);
    // Four GPUs, each with a run that is followed by the next at the same instant.
    base::RandomStream random(5, "trace");
    double free_at[4] = {};
    for (std::size_t j = 0; j < kJobs; ++j) run.submitted(0, j);
    std::vector<std::size_t> on(4, kJobs);
    double now = 0;
    for (std::size_t j = 0; j < kJobs; ++j) {
      const auto slot = static_cast<std::size_t>(std::min_element(free_at, free_at + 4) - free_at);
      now = free_at[slot];
      if (on[slot] < kJobs) run.finished(now, on[slot]);
      run.started(now, j, {share(slot / 2, 1, std::uint64_t{1} << slot % 2)});
      on[slot] = j;
      free_at[slot] = now + random.uniform() / 3;
    }
    run.finish(now, true);
    const Json trace = Json::parse(read_text(directory.file("run/trace.json")));
    check_trace(trace);
    CHECK(trace.at("traceEvents").size() <= limit);
    const auto& other = trace.at("otherData");
    // Two processes beside two nodes with two GPUs each.
    const std::uint64_t names_left_out = other.value("left_out_names", std::uint64_t{0});
    CHECK(of_phase(trace, "M").size() + names_left_out == 8);
    CHECK(other.contains("left_out_names") == (limit == 60));
    const std::uint64_t left_out = other.at("left_out_runs").get<std::uint64_t>() +
                                   other.at("left_out_waits").get<std::uint64_t>() +
                                   other.at("left_out_counters").get<std::uint64_t>() +
                                   other.at("left_out_instants").get<std::uint64_t>() +
                                   names_left_out;
    CHECK(left_out == run.recorder().trace_events_left_out());
    // Of what the names leave, 60 % and what rounding leaves of the other parts.
    const std::size_t runs = limit == 100 ? 57 : limit == 60 ? 33 : kJobs;
    CHECK(of_phase(trace, "X").size() == runs);
    CHECK((left_out > 0) == (limit <= 100));
  }
}

TEST_CASE("times so late that no integer holds their nanoseconds stand in a valid trace") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "t4", 1, 0, 0, {}, {}}}),
                  workload_of({job("early", 1, 1), job("late", 1, 1)}));
  run.submitted(1.000000001, 0);
  run.started(1.000000001, 0, {share(0, 1, 0b1)});
  run.finished(9.3e9, 0);
  run.submitted(9.3e9, 1);
  run.started(9.3e9, 1, {share(0, 1, 0b1)});
  run.finished(1e12, 1);
  run.finish(1e12, false);
  const std::string text = read_text(directory.file("run/trace.json"));
  const Json trace = Json::parse(text);
  check_trace(trace);
  const auto complete = of_phase(trace, "X");
  REQUIRE(complete.size() == 2);
  CHECK(text.find("\"ts\":1000000.001,\"dur\":9299999998999999.999,") != std::string::npos);
  CHECK(complete[1].at("ts") == 9.3e15);
  CHECK(complete[1].at("dur") == 1e18 - 9.3e15);
}
