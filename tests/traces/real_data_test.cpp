// Reads of the public traces themselves, where they are at hand: figures counted independently
// from the files. Without the data the cases say so and check nothing.
#include <doctest/doctest.h>

#include "tests/public_data.hpp"
#include "tests/traces/support.hpp"
#include "workloads/workload_filter.hpp"
#include "workloads/workload_statistics.hpp"

using namespace orrery;
using test::available;
using test::data_path;

namespace {

std::uint64_t jobs_of(const workloads::WorkloadStatistics& s, std::int32_t gpus) {
  for (const auto& count : s.gpu_counts)
    if (count.gpus == gpus) return count.jobs;
  return 0;
}

}  // namespace

TEST_CASE("the condensed Philly trace") {
  const std::string file = "traces/philly/philly_jobs.csv.gz";
  if (!available(file)) return;
  CHECK(traces::detect_format(data_path(file))->name == "philly");
  const auto w = test::read_trace("philly", data_path(file));
  CHECK_NOTHROW(workloads::check(w));
  REQUIRE(w.jobs.size() == 64223);
  const auto s = workloads::statistics(w);
  CHECK(jobs_of(s, 1) == 61359);
  CHECK(jobs_of(s, 8) == 920);
  CHECK(s.duration_seconds.p50 == 1580);
  CHECK(s.duration_seconds.max == 4628226);
  CHECK(s.virtual_clusters.size() == 12);
  CHECK(w.jobs[0].submit_seconds == 0);
  CHECK(w.jobs[1].submit_seconds == 235696);  // 2017-09-04 10:30:41 to 2017-09-07 03:58:57
  workloads::WorkloadFilter filter;
  filter.virtual_cluster = "7f04ca";
  CHECK(workloads::select(w, filter).jobs.size() == 723);
}

TEST_CASE("the Venus cluster of Helios") {
  const std::string file = "traces/helios_venus/venus_gpu_jobs_before_sept.csv.gz";
  if (!available(file)) return;
  CHECK(traces::detect_format(data_path(file))->name == "helios");
  const auto w = test::read_trace("helios", data_path(file));
  CHECK_NOTHROW(workloads::check(w));
  CHECK(w.jobs.size() == 99710);
  CHECK(w.jobs[0].id == "363167");
  CHECK(w.jobs[0].gpus == 32);
  CHECK(workloads::statistics(w).duration_seconds.max == 172800);
}

TEST_CASE("the sample of PAI 2020") {
  const std::string file = "traces/pai_v2020/pai_gpu_tasks_sample_first75pct.csv.gz";
  if (!available(file)) return;
  const auto w = test::read_trace("pai-2020", data_path(file));
  CHECK_NOTHROW(workloads::check(w));
  CHECK(w.jobs.size() == 45078);
  CHECK(w.jobs[0].submit_seconds == 16670);  // the trace's own zero
}

TEST_CASE("the pods of PAI 2023") {
  const std::string folder = "traces/pai_v2023/";
  if (!available(folder + "openb_pod_list_default.csv.gz")) return;
  const auto w = test::read_trace("pai-2023", data_path(folder + "openb_pod_list_default.csv.gz"));
  CHECK_NOTHROW(workloads::check(w));
  CHECK(w.jobs.size() + w.left_out.rows() == 8152);
  CHECK(w.left_out.rows() == 1088);
  const auto typed =
      test::read_trace("pai-2023", data_path(folder + "openb_pod_list_gpuspec25.csv.gz"));
  std::uint64_t volta = 0;
  for (const auto& count : workloads::statistics(typed).gpu_types)
    if (count.name == "v100-16g|v100-32g") volta = count.jobs;
  CHECK(volta == 126 + 23);  // with and without the type named twice
}

TEST_CASE("the workloads of the Crius artifact and of Sia, through the native format and back") {
  const std::string folder = "throughputs/";
  if (!available(folder + "arena/traces") || !available(folder + "sia/workloads")) return;
  const std::string philly = data_path(folder + "arena/traces/simulate_trace_philly.csv");
  CHECK(traces::detect_format(philly)->name == "arena");
  const auto arena = test::read_trace("arena", philly);
  CHECK(arena.jobs.size() == 1938);
  CHECK(
      test::read_trace("arena", data_path(folder + "arena/traces/runtime_trace.csv")).jobs.size() ==
      244);
  const std::string pollux = data_path(folder + "sia/workloads/philly__workload-1.csv");
  CHECK(traces::detect_format(pollux)->name == "sia");
  const auto sia = test::read_trace("sia", pollux, traces::OnBadRow::fail, "iterations: 7");
  CHECK(sia.jobs.size() == 160);
  CHECK(sia.jobs[0].batch_samples == 2048);
  for (const auto* workload : {&arena, &sia}) {
    const auto again = test::read_text("csv", traces::to_native_csv(*workload));
    CHECK(test::same_jobs(again, *workload));
  }
}

TEST_CASE("the traces of Gavel") {
  const std::string folder = "traces/gavel/";
  const std::string original = "throughputs/gavel/artifact_evaluation.trace";
  if (!available(folder + "gavel_physical_cluster_traces.csv.gz") || !available(original)) return;
  const std::string options =
      "throughputs: " + data_path(folder + "physical_cluster_throughputs.json.gz");
  const auto table =
      test::read_trace("gavel", data_path(folder + "gavel_physical_cluster_traces.csv.gz"),
                       traces::OnBadRow::fail, options);
  const auto lines =
      test::read_trace("gavel", data_path(original), traces::OnBadRow::fail, options);
  CHECK(lines.jobs.size() == 15);
  CHECK(table.left_out.rows() == 287 - 15);
  // The table's first part is the original file: two layouts of the same jobs.
  CHECK(test::same_jobs(table, lines));
  // 2,931 steps of ResNet-50 at the published rate of one V100.
  CHECK(lines.jobs[0].duration_seconds == 2931 / 4.525762041224065);
  const auto msr = test::read_trace(
      "gavel", data_path(folder + "gavel_msr_traces.csv.gz"), traces::OnBadRow::skip,
      "throughputs: " + data_path(folder + "simulation_throughputs.json.gz"));
  CHECK(msr.jobs.size() + msr.skipped_rows + msr.left_out.rows() == 53655);
}
