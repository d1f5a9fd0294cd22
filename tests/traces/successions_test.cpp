// Jobs that wait for the end of another: SWF's fields 17 and 18, and our own columns.
#include <doctest/doctest.h>

#include <string>

#include "tests/traces/support.hpp"
#include "traces/trace_reader.hpp"

namespace test = orrery::test;
using orrery::traces::OnBadRow;
using orrery::workloads::LeftOut;

namespace {

/// A line of SWF: job, submit, run time, processors, status, preceding job and think time.
std::string swf(int job, int submit, int run, int processors, int status, int after, int think) {
  std::string line;
  for (const int field : {job, submit, -1, run, processors, -1, -1, processors, -1, -1, status, 1,
                          1, 1, 1, 1, after, think})
    line += std::to_string(field) + ' ';
  return line + '\n';
}

}  // namespace

TEST_CASE("swf: preceding job and think time hold a job back") {
  const auto w = test::read_text(
      "swf", "; a comment\n" + swf(1, 0, 100, 4, 1, -1, -1) + swf(2, 10, 50, 2, 1, 1, 30) +
                 swf(3, 20, 50, 2, 1, 2, -1) + swf(4, 30, 5, 1, 1, 0, 7));
  REQUIRE(w.successions.size() == 2);
  CHECK(w.names.text(w.successions[0].job) == "2");
  CHECK(w.names.text(w.successions[0].after) == "1");
  CHECK(w.successions[0].think_seconds == 30);
  CHECK(w.successions[1].think_seconds == 0);
  // What the file does not hold, or what was left out of it, holds nobody back.
  const auto gone = test::read_text(
      "swf", swf(1, 0, 0, 4, 5, -1, -1) + swf(2, 1, 9, 1, 1, 1, 5) + swf(3, 2, 9, 1, 1, 77, 5));
  CHECK(gone.successions.empty());
  REQUIRE(gone.notes.size() == 1);
  CHECK(gone.notes[0].find("wait for none: 2") != std::string::npos);
  CHECK(gone.left_out.of(LeftOut::never_started).rows == 1);
}

TEST_CASE("swf: a circle of jobs that wait for each other is refused") {
  for (const std::string& text :
       {swf(1, 0, 9, 1, 1, 1, 0), swf(1, 0, 9, 1, 1, 3, 0) + swf(2, 0, 9, 1, 1, 1, 0) +
                                      swf(3, 0, 9, 1, 1, 2, 0) + swf(4, 0, 9, 1, 1, 3, 0)}) {
    for (const OnBadRow mode : {OnBadRow::fail, OnBadRow::skip})
      CHECK(test::error_of("swf", text, mode).sentence().find("its own end") != std::string::npos);
  }
}

TEST_CASE("swf: a job cancelled before it ran is none, one cancelled while it ran is one") {
  const auto w =
      test::read_text("swf", swf(1, 0, 100, 4, 1, -1, -1) + swf(2, 1, 0, 8, 5, -1, -1) +
                                 swf(3, 2, 7, 8, 5, -1, -1) + swf(4, 3, -1, 8, 5, -1, -1) +
                                 swf(5, 4, -1, 8, 1, -1, -1) + swf(6, 5, 3, 8, 2, -1, -1) +
                                 swf(7, 6, 0, 1, 1, -1, -1));
  REQUIRE(w.jobs.size() == 3);
  CHECK(w.jobs[1].id == "3");
  CHECK(w.jobs[2].id == "7");
  CHECK(w.left_out.of(LeftOut::never_started).rows == 2);
  CHECK(w.left_out.of(LeftOut::unknown_work).rows == 1);
  CHECK(w.left_out.of(LeftOut::step).rows == 1);
}

TEST_CASE("csv: after_job and think_seconds are read, and written as they were") {
  const std::string text =
      "job_id,submit_seconds,gpus,duration_seconds,after_job,think_seconds\n"
      "a,0,1,10,,\n"
      "b,0,1,10,a,\n"
      "c,5,1,10,b,2.5\n";
  const auto w = test::read_text("csv", text);
  REQUIRE(w.successions.size() == 2);
  CHECK(w.successions[1].think_seconds == 2.5);
  CHECK(orrery::traces::to_native_csv(w) ==
        "job_id,submit_seconds,gpus,duration_seconds,after_job,think_seconds\n"
        "a,0,1,10,,\nb,0,1,10,a,0\nc,5,1,10,b,2.5\n");
  CHECK(test::error_of("csv", text + "d,0,1,1,a,-1\n").where().key == "think_seconds");
}
