// Slurm's accounting: rows that belong together, which only the whole file tells.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/traces/support.hpp"
#include "workloads/training_job.hpp"

namespace test = orrery::test;
using orrery::workloads::LeftOut;
using orrery::workloads::TrainingWorkload;

namespace {

const std::string kColumns = "JobID|State|Submit|Start|End|Elapsed|AllocTRES\n";

/// A row that starts at `start` o'clock and lasts so many hours; state RUNNING has no end.
std::string run(const std::string& id, const std::string& state, const std::string& start,
                int hours, const std::string& resources = "gres/gpu=4") {
  const std::string end = state == "RUNNING" ? "Unknown" : "2024-06-03T23:00:00";
  return id + '|' + state + "|2024-06-03T08:00:00|2024-06-03T" + start + '|' + end + "|0" +
         std::to_string(hours) + ":00:00|" + resources + '\n';
}

TrainingWorkload read_rows(const std::string& rows) {
  return test::read_text("sacct", kColumns + run("1", "COMPLETED", "08:00:00", 1) + rows);
}

std::string ids_of(const TrainingWorkload& w) {
  std::string out;
  for (const auto& job : w.jobs) out += job.id + ':' + std::to_string(job.gpus) + ' ';
  return out;
}

}  // namespace

TEST_CASE("sacct: parts of one job start a moment apart, its runs do not") {
  const std::string parts =
      run("61+0", "NODE_FAIL", "08:00:00", 1) + run("61+1", "NODE_FAIL", "08:00:02", 1);
  CHECK(ids_of(read_rows(parts)) == "1:4 61:8 ");
  const auto again = read_rows(parts + run("61+1", "COMPLETED", "10:00:00", 1) +
                               run("61+0", "COMPLETED", "10:00:01", 1));
  CHECK(ids_of(again) == "1:4 61:8 61#2:8 ");
  CHECK(again.successions.size() == 1);
}

TEST_CASE("sacct: a job of parts is left out as a whole") {
  const std::string whole = run("61+0", "COMPLETED", "08:00:00", 2);
  const auto share = read_rows(whole + run("61+1", "COMPLETED", "08:00:00", 2, "gres/mps=50"));
  CHECK(ids_of(share) == "1:4 ");
  CHECK(share.left_out.of(LeftOut::unknown_share).rows == 1);
  const auto open = read_rows(whole + run("61+1", "RUNNING", "08:00:01", 1));
  CHECK(ids_of(open) == "1:4 ");
  CHECK(open.left_out.of(LeftOut::still_running).gpu_hours == 12);
}

TEST_CASE("sacct: a run that one export has running and the next ended is counted once") {
  const auto w =
      read_rows(run("7", "RUNNING", "09:00:00", 1) + run("7", "COMPLETED", "09:00:00", 3));
  CHECK(ids_of(w) == "1:4 7:4 ");
  CHECK(w.left_out.of(LeftOut::repeated).rows == 1);
  CHECK(w.left_out.of(LeftOut::still_running).rows == 0);
  const auto twice =
      read_rows(run("7", "RUNNING", "09:00:00", 1) + run("7", "RUNNING", "09:00:00", 2));
  CHECK(twice.left_out.of(LeftOut::still_running).rows == 1);
  CHECK(twice.left_out.of(LeftOut::still_running).gpu_hours == 8);
}

TEST_CASE("sacct: a job of parts that stands there twice is one job") {
  const std::string longer = run("61+0", "COMPLETED", "08:00:00", 2);
  const std::string shorter = run("61+1", "COMPLETED", "08:00:01", 1, "gres/gpu=1");
  for (const std::string& rows : {longer + shorter, shorter + longer}) {
    std::string both = rows;
    both.append(kColumns).append(rows);
    const auto twice = read_rows(both);
    CHECK(ids_of(twice) == "1:4 61:5 ");
    CHECK(twice.jobs[1].duration_seconds == 7200);
    CHECK(twice.left_out.of(LeftOut::repeated).rows == 2);
  }
  const auto half = read_rows(longer + longer + shorter);
  CHECK(ids_of(half) == "1:4 61:5 ");
  CHECK(half.left_out.of(LeftOut::repeated).rows == 1);
  const std::string runs = longer + shorter + run("61+0", "COMPLETED", "11:00:00", 1) +
                           run("61+1", "COMPLETED", "11:00:00", 2, "gres/gpu=1");
  const auto again = read_rows(runs + runs);
  CHECK(ids_of(again) == "1:4 61:5 61#2:5 ");
  CHECK(again.left_out.of(LeftOut::repeated).rows == 4);
}

TEST_CASE("sacct: of a job of parts that one export has running the later look counts") {
  const std::string running =
      run("61+0", "RUNNING", "08:00:00", 1) + run("61+1", "RUNNING", "08:00:01", 1, "gres/gpu=1");
  const std::string first_ended = run("61+0", "COMPLETED", "08:00:00", 2);
  const std::string second_ended = run("61+1", "COMPLETED", "08:00:01", 3, "gres/gpu=1");
  const std::string ended_first = first_ended + second_ended + running;
  const std::string ended_last = running + first_ended + second_ended;
  for (const std::string* const each : {&ended_last, &ended_first}) {
    const std::string& rows = *each;
    const auto ended = read_rows(rows);
    CHECK(ids_of(ended) == "1:4 61:5 ");
    CHECK(ended.left_out.of(LeftOut::repeated).rows == 2);
    CHECK(ended.left_out.of(LeftOut::still_running).rows == 0);
  }
  const auto open =
      read_rows(running + first_ended + run("61+1", "RUNNING", "08:00:01", 3, "gres/gpu=1"));
  CHECK(ids_of(open) == "1:4 ");
  CHECK(open.left_out.of(LeftOut::repeated).rows == 2);
  CHECK(open.left_out.of(LeftOut::still_running).gpu_hours == 11);
}

TEST_CASE("sacct: a part without GPUs counts for the length of its job alone") {
  const std::string gpus = run("61+1", "COMPLETED", "08:00:01", 1);
  const std::string processors = run("61+0", "COMPLETED", "08:00:00", 5, "cpu=4");
  for (const std::string& rows : {processors + gpus, gpus + processors}) {
    const auto w = read_rows(rows);
    CHECK(ids_of(w) == "1:4 61:4 ");
    CHECK(w.jobs[1].duration_seconds == 5 * 3600);
    CHECK(w.left_out.rows() == 0);
  }
  const auto twice = read_rows(run("61+0", "RUNNING", "08:00:00", 1, "cpu=4") + gpus + processors);
  CHECK(twice.jobs[1].duration_seconds == 5 * 3600);
  CHECK(twice.left_out.of(LeftOut::repeated).rows == 1);
  const auto open = read_rows(run("61+0", "RUNNING", "08:00:00", 5, "cpu=4") + gpus);
  CHECK(ids_of(open) == "1:4 ");
  CHECK(open.left_out.of(LeftOut::still_running).rows == 1);
  CHECK(open.left_out.of(LeftOut::still_running).gpu_hours == 4);
  // Where no part has GPUs, whether it ended or not, and where the job never began.
  const auto none = read_rows(processors + run("61+1", "RUNNING", "08:00:00", 1, "cpu=4") +
                              "62+0|PENDING|2024-06-03T08:00:00|Unknown|Unknown|00:00:00|cpu=4\n");
  CHECK(ids_of(none) == "1:4 ");
  CHECK(none.left_out.of(LeftOut::no_gpu).rows == 3);
  CHECK(none.left_out.rows() == 3);
}

TEST_CASE("sacct: runs of one id at the same time are jobs of their own") {
  const auto w =
      read_rows(run("7", "COMPLETED", "09:00:00", 2) + run("7", "COMPLETED", "10:00:00", 2));
  CHECK(ids_of(w) == "1:4 7:4 7#2:4 ");
  CHECK(w.successions.empty());
  CHECK(std::ranges::any_of(w.notes, [](const std::string& note) {
    return note.find("at the same time") != std::string::npos;
  }));
}

TEST_CASE("sacct: the header once more is passed over, another one ends the file") {
  CHECK(ids_of(read_rows(kColumns + run("2", "COMPLETED", "09:00:00", 1))) == "1:4 2:4 ");
  for (const auto mode : {orrery::traces::OnBadRow::fail, orrery::traces::OnBadRow::skip}) {
    const std::string text = kColumns + run("1", "COMPLETED", "08:00:00", 1) +
                             "State|JobID|Submit|Start|End|Elapsed|AllocTRES\n" +
                             run("2", "COMPLETED", "08:00:00", 1);
    if (mode == orrery::traces::OnBadRow::fail) {
      CHECK(test::error_of("sacct", text).sentence().find("another header (line 3)") !=
            std::string::npos);
    } else {
      CHECK(test::read_text("sacct", text, mode).skipped_rows == 2);
    }
  }
}
