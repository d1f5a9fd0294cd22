// Slurm's accounting: the notes on what its rows say and the simulator does not model.
#include <doctest/doctest.h>

#include <string>

#include "tests/traces/support.hpp"
#include "workloads/training_job.hpp"

namespace test = orrery::test;
using orrery::workloads::TrainingWorkload;

namespace {

const std::string kReasonColumns = "JobID|State|Submit|Eligible|Start|Elapsed|AllocTRES|Reason\n";

/// A row of a job that became eligible an hour late; one that is CANCELLED never started.
std::string waited(const std::string& id, const std::string& state, const std::string& reason,
                   const std::string& resources = "gres/gpu=1") {
  const bool ran = state != "CANCELLED";
  return id + '|' + state + "|2024-06-03T08:00:00|2024-06-03T09:00:00|" +
         (ran ? "2024-06-03T10:00:00|01:00:00|" + resources : "None|00:00:00|") + '|' + reason +
         '\n';
}

TrainingWorkload read_waits(const std::string& rows, const std::string& options = "") {
  return test::read_text("sacct", kReasonColumns + rows, orrery::traces::OnBadRow::fail, options);
}

/// The note that holds these words; empty where there is none.
std::string note_of(const TrainingWorkload& w, const std::string& words) {
  for (const std::string& note : w.notes)
    if (note.find(words) != std::string::npos) return note;
  return {};
}

bool ends_with(const std::string& text, const std::string& end) {
  CAPTURE(text);
  return text.ends_with(end);
}

}  // namespace

TEST_CASE("sacct: what held jobs is counted for jobs that are kept, once each") {
  const std::string kept = waited("1", "COMPLETED", "Dependency");
  const std::string left_out = waited("2", "CANCELLED", "QOSMaxGRESPerUser") +
                               waited("3", "COMPLETED", "QOSMaxGRESPerUser", "cpu=4") +
                               waited("4", "RUNNING", "QOSMaxGRESPerUser");
  std::string rows;
  for (int exports = 1; exports <= 2; ++exports) {
    rows.append(kept).append(left_out);
    const auto w = read_waits(rows);
    CHECK(w.jobs.size() == 1);
    CHECK(ends_with(note_of(w, "column Reason"), ": Dependency 1"));
    CHECK(note_of(w, "became eligible").find("modelled): 1;") != std::string::npos);
  }
  const auto none = read_waits(waited("1", "COMPLETED", "None") + left_out);
  CHECK(note_of(none, "column Reason").empty());
  // A job whose part still runs is left out as well.
  const auto parts = read_waits(kept + waited("61+0", "COMPLETED", "Licenses") +
                                waited("61+1", "RUNNING", "Licenses"));
  CHECK(ends_with(note_of(parts, "column Reason"), ": Dependency 1"));
}

TEST_CASE("sacct: an array with a limit is counted once, however many rows tell of it") {
  const auto w = read_waits(waited("1", "COMPLETED", "None") +
                            waited("9_[3-8%2]", "CANCELLED", "JobArrayTaskLimit") +
                            waited("9_[7-8%2]", "CANCELLED", "JobArrayTaskLimit"));
  CHECK(ends_with(note_of(w, "limit of tasks"), ": 1"));
}

TEST_CASE("sacct: a job on GPUs of several types is noted, because it may run on one of them") {
  const std::string rows =
      waited("1", "COMPLETED", "None", "gres/gpu:a100=4,gres/gpu:t4=2") +
      waited("2", "COMPLETED", "None", "gres/gpu=4,gres/gpu:a100=4") +
      waited("3", "COMPLETED", "None", "gres/gpu=2,gres/gpu:a100=1,gres/gpu:a100_1g.5gb=1");
  CHECK(ends_with(note_of(read_waits(rows + rows), "several types"), ": 1"));
  CHECK(note_of(read_waits(rows, "gpu_types: false"), "several types").empty());
}
