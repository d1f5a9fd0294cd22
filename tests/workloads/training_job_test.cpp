#include "workloads/training_job.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "models/base/error.hpp"

using namespace orrery;
using workloads::NameId;
using workloads::Names;
using workloads::TrainingJob;
using workloads::TrainingWorkload;

TEST_CASE("names are stored once and found again, many of them") {
  Names names;
  CHECK(names.intern("").is_none());
  CHECK(names.text(NameId()).empty());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5000; ++i) {
      const std::string name = "name " + std::to_string(i);
      const NameId id = names.intern(name);
      REQUIRE(id.index() == static_cast<std::size_t>(i));
      REQUIRE(names.text(id) == name);
    }
  }
  CHECK(names.size() == 5000);
  const Names copy = names;
  CHECK(copy.text(NameId(4999)) == "name 4999");
}

TEST_CASE("samples per second need iterations, a batch and a duration") {
  TrainingJob job;
  job.duration_seconds = 10;
  CHECK(job.samples_per_second() == 0);
  job.iterations = 100;
  CHECK(job.samples_per_second() == 0);
  job.batch_samples = 32;
  CHECK(job.samples_per_second() == 320);
  job.duration_seconds = 0;
  CHECK(job.samples_per_second() == 0);
}

namespace {

TrainingWorkload two_jobs() {
  TrainingWorkload w;
  w.source = "test";
  w.jobs.resize(2);
  w.jobs[0].id = "a";
  w.jobs[1].id = "b";
  w.jobs[1].line = 7;
  return w;
}

}  // namespace

TEST_CASE("check accepts what the header allows") {
  TrainingWorkload w = two_jobs();
  CHECK_NOTHROW(workloads::check(w));
  w.jobs[0].gpu_milli = 1;
  w.jobs[1].gpus = 100;
  w.jobs[1].model = w.names.intern("m");
  w.jobs[1].deadline_seconds = 0;
  CHECK_NOTHROW(workloads::check(w));
  CHECK_NOTHROW(workloads::check(TrainingWorkload{}));
}

TEST_CASE("check refuses every broken invariant and names the job's line") {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const std::function<void(TrainingJob&)> kBreaks[] = {
      [](TrainingJob& j) { j.id = ""; },
      [](TrainingJob& j) { j.id = "a"; },
      [](TrainingJob& j) { j.submit_seconds = -1; },
      [&](TrainingJob& j) { j.submit_seconds = nan; },
      [&](TrainingJob& j) { j.submit_seconds = infinity; },
      [](TrainingJob& j) { j.duration_seconds = -0.5; },
      [&](TrainingJob& j) { j.duration_seconds = nan; },
      [&](TrainingJob& j) { j.duration_seconds = infinity; },
      [&](TrainingJob& j) { j.deadline_seconds = nan; },
      [](TrainingJob& j) { j.deadline_seconds = -1; },
      [](TrainingJob& j) { j.iterations = -1; },
      [](TrainingJob& j) { j.batch_samples = -1; },
      [](TrainingJob& j) { j.gpus = 0; },
      [](TrainingJob& j) { j.gpu_milli = 0; },
      [](TrainingJob& j) { j.gpu_milli = 1001; },
      [](TrainingJob& j) {
        j.gpus = 2;
        j.gpu_milli = 500;
      },
      [](TrainingJob& j) { j.virtual_cluster = NameId(3); },
  };
  for (const auto& change : kBreaks) {
    TrainingWorkload w = two_jobs();
    change(w.jobs[1]);
    CAPTURE(&change - kBreaks);
    try {
      workloads::check(w);
      FAIL_CHECK("accepted");
    } catch (const base::Error& error) {
      CHECK(error.where().file == "test");
      CHECK(error.where().line == 7);
    }
  }
}
