#include "workloads/workload_filter.hpp"

#include <doctest/doctest.h>

#include <string>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/parameters.hpp"

using namespace orrery;
using workloads::TrainingWorkload;
using workloads::WorkloadFilter;

namespace {

/// Jobs 0 to 9: submitted at 10 * (9 - i), so file order is not time order; 1, 2, 4, 8 GPUs in
/// turn; virtual clusters east and west in turn.
TrainingWorkload ten_jobs() {
  TrainingWorkload w;
  w.source = "ten jobs";
  w.notes = {"a note"};
  w.skipped_rows = 3;
  for (int i = 0; i < 4; ++i) w.left_out.add(workloads::LeftOut::no_gpu);
  for (int i = 0; i < 10; ++i) {
    auto& job = w.jobs.emplace_back();
    job.id = std::to_string(i);
    job.submit_seconds = 10 * (9 - i);
    job.gpus = 1 << (i % 4);
    job.virtual_cluster = w.names.intern(i % 2 == 0 ? "east" : "west");
  }
  return w;
}

std::string ids_of(const TrainingWorkload& w) {
  std::string ids;
  for (const auto& job : w.jobs) ids += job.id;
  return ids;
}

std::string selected(const std::string& yaml) {
  const auto filter = base::read<WorkloadFilter>(base::parse_yaml(yaml, "filter"));
  return ids_of(workloads::select(ten_jobs(), filter));
}

}  // namespace

TEST_CASE("each condition keeps file order and submit times") {
  CHECK(selected("{}") == "0123456789");
  CHECK(selected("virtual_cluster: east") == "02468");
  CHECK(selected("limit: 3") == "012");
  CHECK(selected("largest_gpus: 2") == "014589");
  CHECK(selected("from_seconds: 50") == "01234");
  CHECK(selected("until_seconds: 50") == "56789");
  CHECK(selected("{virtual_cluster: west, largest_gpus: 2, limit: 2}") == "15");
  const auto all = workloads::select(ten_jobs(), WorkloadFilter{});
  CHECK(all.jobs[0].submit_seconds == 90);
  CHECK(all.names.text(all.jobs[1].virtual_cluster) == "west");
  CHECK(all.source == "ten jobs");
  CHECK(all.notes.size() == 1);
  CHECK(all.skipped_rows == 3);
  CHECK(all.left_out.rows() == 4);
}

TEST_CASE("an unknown virtual cluster is an error with the nearest one") {
  WorkloadFilter filter;
  filter.virtual_cluster = "eest";
  const base::Where where{"case.yaml", 4, 2, "workload.virtual_cluster"};
  try {
    workloads::select(ten_jobs(), filter, where);
    FAIL("no error");
  } catch (const base::Error& error) {
    CHECK(error.where() == where);
    CHECK(error.sentence().find("'east'") != std::string::npos);
  }
  TrainingWorkload plain = ten_jobs();
  for (auto& job : plain.jobs) job.virtual_cluster = {};
  CHECK_THROWS_AS(workloads::select(plain, filter), base::Error);
}

TEST_CASE("nothing left, or conditions that can hold for nothing, are errors") {
  WorkloadFilter filter;
  filter.from_seconds = 91;
  CHECK_THROWS_AS(workloads::select(ten_jobs(), filter), base::Error);
  for (const char* yaml : {"limit: 0", "limit: -1", "largest_gpus: 0", "from_seconds: -1",
                           "until_seconds: 0", "limits: 3", "limit: 1.5"}) {
    CAPTURE(yaml);
    CHECK_THROWS_AS(selected(yaml), base::Error);
  }
}
