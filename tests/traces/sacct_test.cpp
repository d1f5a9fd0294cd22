// Slurm's accounting as administrators have it: each case after public reports of such files.
#include <doctest/doctest.h>

#include <string>

#include "tests/traces/support.hpp"
#include "workloads/training_job.hpp"

namespace test = orrery::test;
using orrery::traces::OnBadRow;
using orrery::workloads::LeftOut;
using orrery::workloads::TrainingWorkload;

namespace {

const std::string kHeader = "JobID|State|Submit|Start|End|Elapsed|AllocTRES|ReqTRES\n";

/// A row with this id, state, hours on 2024-06-03 and resources.
std::string row(const std::string& id, const std::string& state, const std::string& submit,
                const std::string& start, const std::string& end, const std::string& elapsed,
                const std::string& allocated, const std::string& requested) {
  const auto day = [](const std::string& hour) {
    return hour.find(':') == 2 ? "2024-06-03T" + hour + ":00" : hour;
  };
  return id + '|' + state + '|' + day(submit) + '|' + day(start) + '|' + day(end) + '|' + elapsed +
         '|' + allocated + '|' + requested + '\n';
}

TrainingWorkload read(const std::string& rows, const std::string& options = "") {
  return test::read_text("sacct", kHeader + rows, OnBadRow::fail, options);
}

/// `id gpus duration` of each job, joined by commas.
std::string jobs_of(const TrainingWorkload& w) {
  std::string out;
  for (const auto& job : w.jobs) {
    out += (out.empty() ? "" : ", ") + job.id + ' ' + std::to_string(job.gpus) + ' ' +
           std::to_string(static_cast<long>(job.duration_seconds));
  }
  return out;
}

std::uint64_t left_out(const TrainingWorkload& w, LeftOut reason) {
  return w.left_out.of(reason).rows;
}

bool notes(const TrainingWorkload& w, const std::string& part) {
  for (const std::string& note : w.notes)
    if (note.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("sacct: a job cancelled in the queue never held a GPU") {
  const std::string ran =
      row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=4", "gres/gpu=4");
  const auto w = read(
      ran + row("2", "CANCELLED by 7", "08:01", "08:05", "08:05", "00:00:00", "", "gres/gpu=8"));
  CHECK(jobs_of(w) == "1 4 3600");
  CHECK(left_out(w, LeftOut::never_started) == 1);
  // Without a column of starts, the state tells it; an empty AllocTRES alone tells it, too.
  const auto short_rows = test::read_text("sacct",
                                          "JobID|State|Submit|Elapsed|ReqTRES\n"
                                          "1|COMPLETED|2024-06-03T08:00:00|01:00:00|gres/gpu=4\n"
                                          "2|CANCELLED|2024-06-03T08:01:00|00:00:00|gres/gpu=8\n"
                                          "3|COMPLETED|2024-06-03T08:01:00|00:00:00|gres/gpu=2\n");
  CHECK(jobs_of(short_rows) == "1 4 3600, 3 2 0");
  const auto stateless = test::read_text("sacct",
                                         "JobID|Submit|Elapsed|AllocTRES|ReqTRES\n"
                                         "1|2024-06-03T08:00:00|01:00:00|gres/gpu=4|\n"
                                         "2|2024-06-03T08:01:00|00:00:00||gres/gpu=8\n"
                                         "3|2024-06-03T08:02:00|00:00:00|gres/gpu=2|gres/gpu=2\n");
  CHECK(jobs_of(stateless) == "1 4 3600, 3 2 0");
  // One that was cancelled as it began did hold them.
  CHECK(read(row("2", "CANCELLED by 7", "08:01", "08:05", "08:05", "00:00:00", "gres/gpu=8",
                 "gres/gpu=8"))
            .jobs.size() == 1);
}

TEST_CASE("sacct: a requeued job is two runs, one after the other") {
  for (const char* state : {"NODE_FAIL", "REQUEUED", "PREEMPTED", "RESIZING"}) {
    CAPTURE(state);
    const std::string first =
        row("7", state, "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=4", "");
    const std::string second =
        row("7", "COMPLETED", "09:00", "09:30", "11:30", "02:00:00", "gres/gpu=4", "");
    const auto w = read(first + second);
    CHECK(jobs_of(w) == "7 4 3600, 7#2 4 7200");
    REQUIRE(w.successions.size() == 1);
    CHECK(w.names.text(w.successions[0].job) == "7#2");
    CHECK(w.names.text(w.successions[0].after) == "7");
    CHECK(notes(w, "runs that go on"));
    // In order of their starts, whatever the file's.
    const auto swapped = read(second + first);
    REQUIRE(swapped.successions.size() == 1);
    CHECK(swapped.names.text(swapped.successions[0].after) == "7");
    CHECK(jobs_of(swapped) == "7#2 4 7200, 7 4 3600");
  }
}

TEST_CASE("sacct: the same run twice is one, as where two exports overlap") {
  const std::string one =
      row("7", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=4", "");
  const auto w = read(one + one);
  CHECK(jobs_of(w) == "7 4 3600");
  CHECK(left_out(w, LeftOut::repeated) == 1);
}

TEST_CASE("sacct: one number on two clusters is two jobs") {
  const std::string text =
      "JobID|Cluster|Submit|Start|End|Elapsed|AllocTRES\n"
      "7|alpha|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|01:00:00|gres/gpu=1\n"
      "7|beta|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|01:00:00|gres/gpu=2\n"
      "7|beta|2024-06-03T09:00:00|2024-06-03T09:00:00|2024-06-03T10:00:00|01:00:00|gres/gpu=2\n";
  const auto w = test::read_text("sacct", text, OnBadRow::fail, "virtual_cluster: cluster");
  CHECK(jobs_of(w) == "7 1 3600, 7@beta 2 3600, 7@beta#2 2 3600");
  CHECK(w.names.text(w.jobs[1].virtual_cluster) == "beta");
  CHECK(w.successions.size() == 1);
}

TEST_CASE("sacct: the parts of a heterogeneous job are one job") {
  const std::string first =
      row("61+0", "COMPLETED", "08:00", "08:10", "09:10", "01:00:00", "gres/gpu:a100=4", "");
  const auto second = [](const char* type) {
    return row("61+1", "COMPLETED", "08:00", "08:10", "09:11", "01:01:00",
               "gres/gpu:" + std::string(type) + "=2", "");
  };
  const auto w =
      read(first + second("a100") +
           row("61+1.batch", "COMPLETED", "08:00", "08:10", "09:10", "01:00:00", "gres/gpu=2", ""));
  CHECK(jobs_of(w) == "61 6 3660");
  CHECK(left_out(w, LeftOut::step) == 1);
  CHECK(w.names.text(w.jobs[0].gpu_types) == "a100-40g|a100-80g|a100-80g-pcie");
  const auto mixed = read(first + second("t4"));
  CHECK(mixed.names.text(mixed.jobs[0].gpu_types) == "a100-40g|a100-80g|a100-80g-pcie|t4");
  CHECK(notes(mixed, "other GPU types"));
  // A second run of the whole.
  const auto again =
      read(first + second("a100") +
           row("61+0", "COMPLETED", "09:20", "09:20", "09:30", "00:10:00", "gres/gpu:a100=4", "") +
           row("61+1", "COMPLETED", "09:20", "09:20", "09:30", "00:10:00", "gres/gpu:a100=2", ""));
  CHECK(jobs_of(again) == "61 6 3660, 61#2 6 600");
}

TEST_CASE("sacct: GPUs stand in the first column that names them") {
  const std::string text =
      "JobID|State|Submit|Elapsed|AllocTRES|ReqTRES|ReqGRES\n"
      "1|COMPLETED|2024-06-03T08:00:00|01:00:00|cpu=4,mem=1G|cpu=4|gpu:v100:2\n"
      "2|COMPLETED|2024-06-03T08:00:00|01:00:00|cpu=4,gres/gpu=3|gres/gpu:v100=3|\n"
      "3|COMPLETED|2024-06-03T08:00:00|01:00:00|cpu=4|cpu=4|\n";
  const auto w = test::read_text("sacct", text);
  CHECK(jobs_of(w) == "1 2 3600, 2 3 3600");
  CHECK(w.names.text(w.jobs[0].gpu_types) == "v100-16g|v100-32g");
  CHECK(w.names.text(w.jobs[1].gpu_types) == "v100-16g|v100-32g");
  CHECK(left_out(w, LeftOut::no_gpu) == 1);
}

TEST_CASE("sacct: a job that runs on has no length yet") {
  const std::string text =
      "JobID|Submit|Start|End|Elapsed|AllocTRES\n"
      "1|2024-06-03T08:00:00|2024-06-03T08:00:00|Unknown|02:00:00|gres/gpu=4\n"
      "2|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|01:00:00|gres/gpu=1\n";
  const auto w = test::read_text("sacct", text);
  CHECK(jobs_of(w) == "2 1 3600");
  CHECK(left_out(w, LeftOut::still_running) == 1);
  CHECK(w.left_out.of(LeftOut::still_running).gpu_hours == 8);
  const auto states =
      read(row("1", "RUNNING", "08:00", "08:00", "Unknown", "00:30:00", "gres/gpu=2", "") +
           row("2", "COMPLETED", "08:00", "08:00", "Unknown", "00:30:00", "gres/gpu=2", "") +
           row("3", "PENDING", "08:00", "Unknown", "Unknown", "00:00:00", "", "gres/gpu=2"));
  CHECK(jobs_of(states) == "2 2 1800");
  CHECK(states.left_out.of(LeftOut::still_running).gpu_hours == 1);
  CHECK(left_out(states, LeftOut::never_started) == 1);
}

TEST_CASE("sacct: what administrators call GPUs is known, and the rest can be mapped") {
  const auto type_of = [](const std::string& theirs, const std::string& options = "") {
    const auto w = read(row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00",
                            "gres/gpu:" + theirs + "=1", ""),
                        options);
    return std::string(w.names.text(w.jobs[0].gpu_types));
  };
  CHECK(type_of("a100") == "a100-40g|a100-80g|a100-80g-pcie");
  CHECK(type_of("A100-SXM4-80GB") == "a100-80g");
  CHECK(type_of("nvidia_a100_80gb_pcie") == "a100-80g-pcie");
  CHECK(type_of("rtx2080ti") == "2080ti");
  CHECK(type_of("nvidia_geforce_rtx_2080_ti") == "2080ti");
  CHECK(type_of("v100") == "v100-16g|v100-32g");
  CHECK(type_of("tesla_v100-sxm2-32gb") == "v100-32g");
  CHECK(type_of("tesla") == "tesla");
  CHECK(type_of("MyCard") == "mycard");
  CHECK(type_of("mycard", "gpu_names: {MyCard: a100-80g}") == "a100-80g");
  CHECK(type_of("a100", "gpu_names: {a100: a100-80g}") == "a100-80g");
  CHECK(type_of("a100", "gpu_names: {a100: 'a100-40g|a100-80g'}") == "a100-40g|a100-80g");
  const auto unused =
      read(row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=1", ""),
           "gpu_names: {b100: b200}");
  CHECK(notes(unused, "'b100', which no job asks for"));
  CHECK_THROWS_AS(type_of("a100", "gpu_names: a100"), orrery::base::Error);
  CHECK_THROWS_AS(type_of("a100", "gpu_names: {a100: ''}"), orrery::base::Error);
}

TEST_CASE("sacct: parts of a GPU are shares, or counted apart") {
  const auto rows = [](const std::string& resources) {
    return row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=1", "") +
           row("2", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", resources, "");
  };
  const auto slice = read(rows("gres/gpu=1,gres/gpu:a100_3g.20gb=1"));
  REQUIRE(slice.jobs.size() == 2);
  CHECK(slice.jobs[1].gpu_milli == 428);
  CHECK(slice.names.text(slice.jobs[1].gpu_types) == "a100-40g|a100-80g|a100-80g-pcie");
  const auto shard = read(rows("cpu=1,gres/shard=4"));
  CHECK(shard.jobs.size() == 1);
  CHECK(left_out(shard, LeftOut::unknown_share) == 1);
  const auto known = read(rows("cpu=1,gres/shard=4"), "shards_per_gpu: 8");
  REQUIRE(known.jobs.size() == 2);
  CHECK(known.jobs[1].gpu_milli == 500);
  CHECK(read(rows("gres/mps=25")).jobs[1].gpu_milli == 250);
}

TEST_CASE("sacct: times with an offset or since 1970 settle daylight saving") {
  const std::string header = "JobID|Submit|Start|End|AllocTRES\n";
  // The hour from 02:00 to 03:00 came twice on this day.
  const auto offset = test::read_text(
      "sacct", header +
                   "1|2024-10-27T02:30:00+02:00|2024-10-27T02:30:00+02:00|"
                   "2024-10-27T02:30:00+01:00|gres/gpu=1\n"
                   "2|2024-10-27T00:30:00Z|2024-10-27T00:30:00Z|2024-10-27T01:30:00+0000|"
                   "gres/gpu=1\n");
  REQUIRE(offset.jobs.size() == 2);
  CHECK(offset.jobs[0].duration_seconds == 3600);
  CHECK(offset.jobs[1].submit_seconds == 0);
  CHECK_FALSE(notes(offset, "naive"));
  const auto epoch =
      test::read_text("sacct", header + "1|1717401600|1717401660|1717405260|gres/gpu=1\n");
  CHECK(epoch.jobs[0].duration_seconds == 3600);
  CHECK_FALSE(notes(epoch, "naive"));
  CHECK(notes(read(row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=1", "")),
              "naive"));
  // Which hour a naive time is cannot be said beside absolute ones.
  const auto mixed =
      test::error_of("sacct", header +
                                  "1|1717401600|1717401660|1717405260|gres/gpu=1\n"
                                  "2|2024-06-03T08:00:00|1717401660|1717405260|gres/gpu=1\n");
  CHECK(mixed.where().key == "Submit");
  CHECK(mixed.sentence().find("as above") != std::string::npos);
}

TEST_CASE("sacct: times that contradict each other are counted") {
  const std::string gpu = "gres/gpu=1";
  const std::string sound = row("1", "COMPLETED", "08:00", "08:30", "09:00", "00:30:00", gpu, "") +
                            // suspended for a while
                            row("2", "COMPLETED", "08:00", "08:30", "10:00", "00:30:00", gpu, "");
  CHECK_FALSE(notes(read(sound), "contradict"));
  const TrainingWorkload odd =
      read(sound + row("3", "COMPLETED", "08:00", "07:00", "09:00", "02:00:00", gpu, "") +
           row("4", "COMPLETED", "08:00", "08:00", "09:00", "02:00:00", gpu, ""));
  CHECK(notes(odd, "taken by Submit and Elapsed: 2"));
  CHECK(jobs_of(odd) == "1 1 1800, 2 1 1800, 3 1 7200, 4 1 7200");
}

TEST_CASE("sacct: a quote in a name is a character") {
  const auto w = test::read_text("sacct",
                                 "JobID|JobName|Submit|Elapsed|AllocTRES\n"
                                 "1|\"train|2024-06-03T08:00:00|01:00:00|gres/gpu=1\n"
                                 "2|say \"hi\"|2024-06-03T08:00:00|01:00:00|gres/gpu=1\n");
  CHECK(jobs_of(w) == "1 1 3600, 2 1 3600");
}

TEST_CASE("sacct: waits count from when a job was eligible, where that is asked for") {
  const std::string text =
      "JobID|Submit|Eligible|Elapsed|AllocTRES|Reason\n"
      "1|2024-06-03T08:00:00|2024-06-03T08:00:00|01:00:00|gres/gpu=1|None\n"
      "2|2024-06-03T08:00:00|2024-06-03T10:00:00|01:00:00|gres/gpu=1|Dependency\n"
      "3_[1-9%2]|2024-06-03T08:00:00|Unknown|01:00:00|gres/gpu=1|QOSMaxGRESPerUser\n";
  const auto plain = test::read_text("sacct", text);
  CHECK(plain.jobs[1].submit_seconds == 0);
  CHECK(notes(plain, "became eligible after they were submitted"));
  CHECK(notes(plain, "Dependency 1, QOSMaxGRESPerUser 1"));
  CHECK(notes(plain, "limit of tasks"));
  const auto eligible = test::read_text("sacct", text, OnBadRow::fail, "eligible: true");
  CHECK(eligible.jobs[1].submit_seconds == 7200);
  CHECK(eligible.jobs[2].submit_seconds == 0);
  CHECK_FALSE(notes(eligible, "became eligible"));
  CHECK(notes(read(row("1", "COMPLETED", "08:00", "08:00", "09:00", "01:00:00", "gres/gpu=1", ""),
                   "eligible: true"),
              "no column Eligible"));
}

TEST_CASE("sacct: a file that is nearly right is told what it looks like") {
  const std::pair<const char*, const char*> kFiles[] = {
      {"JobID    JobName  Partition  State ExitCode\n------ ---- ---- ---- ----\n1 a p COMPLETED "
       "0:0\n",
       "table for people"},
      {"1|p|COMPLETED|2024-06-03T08:00:00|2024-06-03T08:00:00|2024-06-03T09:00:00|01:00:00|"
       "gres/gpu=1\n",
       "without its header"},
      {"JobID;State;Submit;Elapsed;AllocTRES\n1;COMPLETED;2024-06-03T08:00:00;01:00:00;gres/"
       "gpu=1\n",
       "separated by ';'"},
      {"JobID,State,Submit,Elapsed,AllocTRES\n", "separated by ','"},
      {"JobID\tState\tSubmit\n", "separated by tabs"}};
  for (const auto& file : kFiles) {
    const char* text = file.first;
    CAPTURE(text);
    for (const char* format : {"sacct", "auto"}) {
      const auto error = test::error_of(format, text);
      CHECK(error.sentence().find(file.second) != std::string::npos);
      CHECK(error.sentence().find("sacct --allusers --parsable2") != std::string::npos);
    }
  }
}
