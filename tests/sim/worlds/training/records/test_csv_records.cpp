// The CSV files hold what happened, and read back as it was.
#include <doctest/doctest.h>

#include <filesystem>
#include <limits>

#include "models/base/csv.hpp"
#include "recorded_run.hpp"
#include "sim/worlds/training/records/gpu_slots.hpp"
#include "sim/worlds/training/records/run_files.hpp"

using namespace orrery;
using namespace orrery::training;
using namespace orrery::training::testing;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::string& path) {
  base::CsvReader csv(path);
  Rows rows{csv.header()};
  while (csv.next()) {
    rows.emplace_back();
    for (std::size_t c = 0; c < csv.header().size(); ++c) rows.back().emplace_back(csv[c]);
  }
  return rows;
}

/// Two types, a preemption, a failure, a move, a share, a rejected job and one cut by the horizon.
void write_run(const std::string& path, const RecordOptions& options = {}) {
  auto typed = job("typed, \"quoted\"", 0.1, 2);
  auto workload = workload_of(
      {typed, job("wide", 1, 6), job("big", 2, 99), job("tenth", 3), job("later", 500)});
  workload.jobs[0].gpu_types = workload.names.intern("t4");
  workload.jobs[0].model = workload.names.intern("resnet50");
  workload.jobs[1].virtual_cluster = workload.names.intern("vc1");
  workload.jobs[3].gpu_milli = 100;
  RecordedRun run(path,
                  inventory_of({{2, "v100-32g", 4, 0, 0, {}, {}}, {1, "t4", 2, 0, 0, {}, {}}}),
                  std::move(workload), options);
  run.submitted(0.1, 0);
  run.started(0.1, 0, {share(2, 2, 0b11)});
  run.submitted(1, 1);
  run.started(1, 1, {share(0, 4, 0b1111), share(1, 2, 0b1010)});
  run.rejected(2, 2);
  run.submitted(3, 3);
  run.waits(3, 3, Reason::behind, 1);
  run.started(3, 3, {share(1, 1, 0b1, 100)}, find_reason("backfilled"), 1);
  run.preempted(10, 0, find_reason("less_service"), 3);
  run.waits(10, 0, find_reason("reserved"), -1, 60);
  run.node_failed(20, 1);
  run.interrupted(20, 1, 1, 12.5);
  run.interrupted(20, 3, 1, 0);
  run.resumed(20, 1, {share(0, 4, 0b1111), share(2, 2, 0b11)}, 7);
  run.node_repaired(30, 1);
  run.changed(40, 1, {share(0, 4, 0b1111), share(1, 2, 0b11)}, 2.5);
  run.resumed(40, 0, {share(2, 2, 0b11)}, 0.5);
  run.finished(70, 0);
  run.finish(100, true);
}

}  // namespace

TEST_CASE("slots are written as ranges") {
  CHECK(slots_text(0) == "");
  CHECK(slots_text(0b1) == "0");
  CHECK(slots_text(0b1001111) == "0-3;6");
  CHECK(slots_text(std::uint64_t{1} << 63) == "63");
  CHECK(slots_text(~std::uint64_t{0}) == "0-63");
}

TEST_CASE("jobs.csv: every job of the workload, in file order") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"));
  const Rows rows = rows_of(directory.file("run/jobs.csv"));
  CHECK(rows == Rows{{"job_id", "submit_seconds", "start_seconds", "finish_seconds", "state",
                      "gpus", "wait_seconds", "restarts", "preemptions", "interruptions",
                      "service_gpu_seconds", "lost_work_seconds", "gpu_types", "virtual_cluster",
                      "model", "size_class", "bounded_slowdown"},
                     {"typed, \"quoted\"", "0.1", "0.1", "70", "finished", "2", "30", "1", "1", "0",
                      "79.8", "0", "t4", "", "resnet50", "2", "0.6990000000000001"},
                     {"wide", "1", "1", "", "running", "6", "0", "2", "0", "1", "594", "12.5",
                      "v100-32g|t4", "vc1", "", "5-8", ""},
                     {"big", "2", "", "", "rejected", "99", "", "0", "0", "0", "0", "0", "", "", "",
                      "65-128", ""},
                     {"tenth", "3", "3", "", "pending", "0.1", "80", "0", "0", "1",
                      "1.7000000000000002", "0", "v100-32g", "", "", "<1", ""},
                     {"later", "500", "", "", "not_submitted", "1", "", "0", "0", "0", "0", "0", "",
                      "", "", "1", ""}});
  const auto jobs = read_job_rows(directory.file("run/jobs.csv"));
  REQUIRE(jobs.size() == 5);
  CHECK(jobs[0].id == "typed, \"quoted\"");
  CHECK(jobs[0].finish_seconds == 70);
  CHECK_FALSE(jobs[2].start_seconds.has_value());
}

TEST_CASE("jobs.csv: whose jobs they are, their hour and slowdown; fairness over users") {
  const TemporaryDirectory directory;
  auto workload = workload_of({job("a", 0, 4), job("b", 0, 4), job("c", 5400, 8)});
  for (const std::size_t j : {0, 1}) workload.jobs[j].user = workload.names.intern("ann");
  workload.jobs[2].user = workload.names.intern("bob");
  workload.jobs[2].account = workload.names.intern("physics");
  workload.jobs[1].duration_seconds = 1;
  workload.calendar_zero_seconds = 86400 + 23 * 3600;  // second 0 is at 23 o'clock
  RecordedRun run(directory.file("run"), inventory_of({{1, "v100-32g", 8, 0, 0, {}, {}}}),
                  std::move(workload));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.started(0, 0, {share(0, 4, 0b1111)});
  run.started(0, 1, {share(0, 4, 0b11110000)});
  run.finished(4, 1);
  run.finished(300, 0);
  run.submitted(5400, 2);
  run.started(5400, 2, {share(0, 8, 0xFF)});
  run.finished(5600, 2);
  const RunTotals totals = run.finish(5600);
  base::CsvReader csv(directory.file("run/jobs.csv"));
  std::string told;
  while (csv.next())
    for (const char* column :
         {"job_id", "user", "account", "size_class", "hour_of_day", "bounded_slowdown"})
      told.append(csv[csv.column(column)]).append(" ");
  // Below the bound of 10 s nothing is slow; 300 s of 100 s are 3, 200 s are 2.
  CHECK(told == "a ann  3-4 23 3 b ann  3-4 23 1 c bob physics 5-8 0 2 ");
  REQUIRE(totals.fairness);
  // Both users have a mean slowdown of 2; they held 4 x 304 and 8 x 200 GPU-seconds.
  CHECK(totals.fairness->slowdown.value() == doctest::Approx(1));
  const double ann = 4 * 304;
  const double bob = 8 * 200;
  CHECK(totals.fairness->gpu_seconds.value() ==
        doctest::Approx((ann + bob) * (ann + bob) / (2 * (ann * ann + bob * bob))));
}

TEST_CASE("allocations.csv: one row a node of each hold, in order of the ends") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"));
  const std::string a = "typed, \"quoted\"";
  CHECK(rows_of(directory.file("run/allocations.csv")) ==
        Rows{{"job_id", "start_seconds", "end_seconds", "node", "gpu_type", "gpus", "milli",
              "slots", "ended_by"},
             {a, "0.1", "10", "2", "t4", "2", "1000", "0-1", "preempted"},
             {"wide", "1", "20", "0", "v100-32g", "4", "1000", "0-3", "interrupted"},
             {"wide", "1", "20", "1", "v100-32g", "2", "1000", "1;3", "interrupted"},
             {"tenth", "3", "20", "1", "v100-32g", "1", "100", "0", "interrupted"},
             {"wide", "20", "40", "0", "v100-32g", "4", "1000", "0-3", "changed"},
             {"wide", "20", "40", "2", "t4", "2", "1000", "0-1", "changed"},
             {a, "40", "70", "2", "t4", "2", "1000", "0-1", "finished"},
             {"wide", "40", "100", "0", "v100-32g", "4", "1000", "0-3", "horizon"},
             {"wide", "40", "100", "1", "v100-32g", "2", "1000", "0-1", "horizon"}});
}

TEST_CASE("timeline.csv: one row for each instant at which the cluster changed") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"));
  CHECK(rows_of(directory.file("run/timeline.csv")) ==
        Rows{{"time_seconds", "used_v100-32g", "used_t4", "available_v100-32g", "available_t4",
              "running_jobs", "pending_jobs"},
             {"0.1", "0", "2", "8", "2", "1", "0"},
             {"1", "6", "2", "8", "2", "2", "0"},
             {"3", "6.1", "2", "8", "2", "3", "0"},
             {"10", "6.1", "0", "8", "2", "2", "1"},
             {"20", "4", "2", "4", "2", "1", "2"},
             {"30", "4", "2", "8", "2", "1", "2"},
             {"40", "6", "2", "8", "2", "2", "1"},
             {"70", "6", "0", "8", "2", "1", "1"}});
}

TEST_CASE("timeline.csv has the throughput, and a row where a restart is over") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "t4", 1, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 1, 10)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 1, 1)});
  run.preempted(5, 0, Reason::none, -1);
  run.resumed(5, 0, {share(0, 1, 1)}, 7);
  run.finished(30, 0);
  run.finish(30);
  CHECK(rows_of(directory.file("run/timeline.csv")) ==
        Rows{{"time_seconds", "used_t4", "available_t4", "running_jobs", "pending_jobs",
              "samples_per_second"},
             {"0", "1", "1", "1", "0", "10"},
             {"5", "1", "1", "1", "0", "0"},
             {"12", "1", "1", "1", "0", "10"},
             {"30", "0", "1", "0", "0", "0"}});
}

TEST_CASE("decisions.csv: what was done, why, and how many GPUs the job could have had") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"));
  const std::string a = "typed, \"quoted\"";
  CHECK(rows_of(directory.file("run/decisions.csv")) ==
        Rows{{"sequence", "time_seconds", "kind", "job_id", "reason", "because_of", "value", "gpus",
              "nodes", "free_gpus"},
             {"0", "0.1", "started", a, "queue_order", "", "", "2", "2:2", "0"},
             {"1", "1", "started", "wide", "queue_order", "", "", "6", "0:4;1:2", "2"},
             {"2", "2", "rejected", "big", "", "", "", "99", "", "2"},
             {"3", "3", "waits", "tenth", "behind", "wide", "", "0.1", "", "2"},
             {"4", "3", "started", "tenth", "backfilled", "wide", "", "0.1", "1:0.1", "1.9"},
             {"5", "10", "preempted", a, "less_service", "tenth", "", "2", "2:2", "2"},
             {"6", "10", "waits", a, "reserved", "", "60", "2", "", "2"},
             {"7", "20", "node_failed", "", "", "", "", "4", "1", "2"},
             {"8", "20", "interrupted", "wide", "node_failure", "", "12.5", "6", "0:4;1:2", "5.9"},
             {"9", "20", "interrupted", "tenth", "node_failure", "", "0", "0.1", "1:0.1", "6"},
             {"10", "20", "resumed", "wide", "queue_order", "", "7", "6", "0:4;2:2", "0"},
             {"11", "30", "node_repaired", "", "", "", "", "4", "1", "4"},
             {"12", "40", "changed", "wide", "upgraded", "", "2.5", "6", "0:4;1:2", "4"},
             {"13", "40", "resumed", a, "queue_order", "", "0.5", "2", "2:2", "0"}});
}

TEST_CASE(
    "decisions.csv: a restart whose state travels has its seconds, in the order of happening") {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "t4", 4, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 1, 10), job("b", 0, 1, 10), job("c", 0, 1, 10)}));
  for (std::size_t j = 0; j < 3; ++j) run.submitted(0, j);
  for (std::size_t j = 0; j < 3; ++j) run.started(0, j, {share(0, 1, 1U << j)});
  for (std::size_t j = 0; j < 3; ++j) run.preempted(5, j, Reason::none, -1);
  run.resumed(5, 0, {share(0, 1, 1)}, kUnknown);
  run.resumed(6, 1, {share(0, 1, 2)}, kUnknown);
  run.waits(7, 2, Reason::not_enough_gpus);
  run.migrated(8, 0, 4);                  // 3 s for the state, 1 s more to restart
  run.preempted(9, 1, Reason::none, -1);  // while its state was on its way
  run.resumed(10, 2, {share(0, 1, 4)}, 2);
  run.resumed(11, 1, {share(0, 1, 2)}, kUnknown);
  run.finished(40, 0);
  run.finish(40);  // before the state had arrived
  Rows rows = rows_of(directory.file("run/decisions.csv"));
  rows.erase(rows.begin(), rows.begin() + 1 + 6);
  std::vector<std::vector<std::string>> told;
  for (const auto& row : rows) told.push_back({row[0], row[1], row[2], row[3], row[6]});
  CHECK(told == Rows{{"6", "5", "resumed", "a", "4"},
                     {"7", "6", "resumed", "b", "3"},
                     {"8", "7", "waits", "c", ""},
                     {"9", "9", "preempted", "b", ""},
                     {"10", "10", "resumed", "c", "2"},
                     {"11", "11", "resumed", "b", "29"}});
}

TEST_CASE("files that are switched off are not written") {
  const TemporaryDirectory directory;
  write_run(directory.file("run"), {false, false, false, false, 0});
  for (const char* name : {"allocations.csv", "timeline.csv", "decisions.csv", "trace.json"})
    CHECK_FALSE(std::filesystem::exists(directory.file(std::string("run/") + name)));
  CHECK(std::filesystem::exists(directory.file("run/jobs.csv")));
}

TEST_CASE("a damaged jobs.csv is an error that names its row") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("jobs.csv");
  const std::string header =
      "job_id,submit_seconds,start_seconds,finish_seconds,state,gpus,wait_seconds\n";
  for (const char* row : {"a,0,,10,finished,1,0\n", "a,0,1,x,finished,1,0\n", "a,0,1\n"}) {
    write_text(path, header + row);
    try {
      read_job_rows(path);
      FAIL("read as if it were whole: " << row);
    } catch (const base::Error& error) {
      CHECK(error.where().file == path);
      CHECK(error.where().line == 2);
    }
  }
  write_text(path, "job_id,submit\n");
  CHECK_THROWS_AS(read_job_rows(path), base::Error);
}
