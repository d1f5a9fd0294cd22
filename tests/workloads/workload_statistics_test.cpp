#include "workloads/workload_statistics.hpp"

#include <doctest/doctest.h>

using namespace orrery::workloads;

TEST_CASE("statistics of a workload worked by hand") {
  TrainingWorkload w;
  w.skipped_rows = 2;
  for (int i = 0; i < 5; ++i) w.left_out.add(LeftOut::no_gpu);
  const auto add = [&](double submit, int gpus, double duration, const char* vc) -> TrainingJob& {
    TrainingJob& job = w.jobs.emplace_back();
    job.submit_seconds = submit;
    job.gpus = gpus;
    job.duration_seconds = duration;
    job.virtual_cluster = w.names.intern(vc);
    return job;
  };
  add(1100, 8, 3600, "b");
  add(100, 1, 7200, "a").gpu_milli = 500;
  TrainingJob& third = add(600, 1, 1800, "b");
  third.iterations = 10;
  third.deadline_seconds = 9000;
  third.gpu_types = w.names.intern("t4");
  third.model = w.names.intern("bert");

  const WorkloadStatistics s = statistics(w);
  CHECK(s.jobs == 3);
  CHECK(s.skipped_rows == 2);
  CHECK(s.left_out.rows() == 5);
  CHECK(s.first_submit_seconds == 100);
  CHECK(s.last_submit_seconds == 1100);
  CHECK(s.span_seconds() == 1000);
  CHECK(s.gpu_hours == doctest::Approx(8 + 1 + 0.5));
  CHECK(s.mean_gpu_demand == doctest::Approx(9.5 * 3600 / 1000));
  CHECK(s.duration_seconds.mean == 4200);
  CHECK(s.duration_seconds.min == 1800);
  CHECK(s.duration_seconds.p50 == 3600);
  CHECK(s.duration_seconds.max == 7200);
  CHECK(s.duration_seconds.p90 == doctest::Approx(6480));  // 0.8 of the way from 3600 to 7200
  CHECK(s.fractional_jobs == 1);
  CHECK(s.jobs_with_iterations == 1);
  CHECK(s.jobs_with_deadline == 1);
  CHECK(s.gpu_counts == std::vector<GpuCount>{{1, 2, 1.5}, {8, 1, 8}});
  CHECK(s.virtual_clusters == std::vector<NameCount>{{"a", 1, 1}, {"b", 2, 8.5}});
  CHECK(s.gpu_types == std::vector<NameCount>{{"t4", 1, 0.5}});
  CHECK(s.models == std::vector<NameCount>{{"bert", 1, 0.5}});
}

TEST_CASE("workloads without jobs or without a span have zeros, not NaN") {
  CHECK(statistics({}).gpu_hours == 0);
  TrainingWorkload w;
  w.jobs.resize(2);
  w.jobs[0].duration_seconds = w.jobs[1].duration_seconds = 5;
  const WorkloadStatistics s = statistics(w);
  CHECK(s.mean_gpu_demand == 0);
  CHECK(s.virtual_clusters.empty());
}
