#include "traces/slurm_fields.hpp"

#include <doctest/doctest.h>

#include <string>

using orrery::traces::parse_slurm_duration;
using orrery::traces::parse_slurm_job_id;
using orrery::traces::parse_slurm_state;
using orrery::traces::SlurmRun;

TEST_CASE("Slurm durations are read with and without days and hours") {
  CHECK(parse_slurm_duration("00:00:00") == 0);
  CHECK(parse_slurm_duration("01:02:03") == 3723);
  CHECK(parse_slurm_duration("02:03") == 123);
  CHECK(parse_slurm_duration("2-01:02:03") == 2 * 86400 + 3723);
  CHECK(parse_slurm_duration("30-23:59:59") == 30 * 86400 + 86399);
  CHECK(parse_slurm_duration("100:00:00") == 360000);
  CHECK(parse_slurm_duration("00:00:01.500") == 1.5);
  for (const char* text : {"", "1", "01:60", "60:00", "01:60:00", "01:00:60", "-01:02:03", "1-",
                           "1-02:03", "x:00:00", "01:02:03:04", "1-2-01:00:00", "INVALID",
                           "00:00:01.", "00:00:01.x", "99999999:00:00", ":00:00", "00::00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_slurm_duration(text).has_value());
  }
}

TEST_CASE("states tell runs that ended from those that did not") {
  for (const char* text :
       {"COMPLETED", "FAILED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "OUT_OF_MEMORY",
        "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESIZING", "A_NEW_STATE"}) {
    CAPTURE(text);
    CHECK(parse_slurm_state(text) == SlurmRun::ended);
  }
  for (const char* text : {"CANCELLED", "CANCELLED by 1000", "CANCELLED+", "REVOKED", "DEADLINE"}) {
    CAPTURE(text);
    CHECK(parse_slurm_state(text) == SlurmRun::withdrawn);
  }
  CHECK(parse_slurm_state("PENDING") == SlurmRun::waiting);
  for (const char* text : {"RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING"}) {
    CAPTURE(text);
    CHECK(parse_slurm_state(text) == SlurmRun::in_progress);
  }
}

TEST_CASE("job ids are taken apart") {
  const auto parts = [](const char* text) {
    const auto id = parse_slurm_job_id(text);
    return std::string(id.job) + (id.part ? " part " + std::to_string(*id.part) : "") +
           (id.step ? " step" : "");
  };
  CHECK(parts("61") == "61");
  CHECK(parts("61_7") == "61_7");
  CHECK(parts("61+1") == "61 part 1");
  CHECK(parts("61+0.batch") == "61 part 0 step");
  CHECK(parts("61.extern") == "61 step");
  CHECK(parts("61.0") == "61 step");
  CHECK(parts("61_[1-9%2]") == "61_[1-9%2]");
  CHECK(parts("61+") == "61+");
  CHECK(parts("61+99999999999999999999") == "61+99999999999999999999");
}
