// What a run reads: its id covers all of it, and jobs are served in order of submission.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/base/text_file.hpp"
#include "sim/experiment/comparison_directory.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/run.hpp"
#include "sim/experiment/validation.hpp"
#include "tests/sim/experiment/files.hpp"
#include "tests/sim/experiment/points_of.hpp"

namespace fs = std::filesystem;
using namespace orrery::experiment;
using orrery::experiment::test::error_of;
using orrery::experiment::test::expand;
using orrery::experiment::test::Files;
using orrery::experiment::test::plain_experiment;
using orrery::experiment::test::points_of;

namespace {

RunOptions quiet(const std::string& out) {
  RunOptions options;
  options.out = out;
  options.force = true;
  options.progress = options.report = false;
  return options;
}

std::string sample(const char* name) {
  return orrery::base::read_text_file(std::string(ORRERY_SOURCE_DIR) + "/traces/samples/" + name);
}

/// The id that a comparison gives the run of a file, which is the run's own.
std::string id_of(const Files& files, const std::string& path) {
  Expansion points(load_document(path));
  InputChecks(points).check_all();
  const RunResult result = run_point(points.point(0), quiet(files.path() + "/out"));
  CHECK(result.summary.run_id == points[0].run_id);
  return points[0].run_id;
}

}  // namespace

TEST_CASE("the run id covers a file that only the trace's options name") {
  const Files files;
  files.write("gavel.trace", sample("gavel.trace"));
  const std::string rates = sample("gavel-throughputs.json");
  files.write("rates.json", rates);
  const std::string path =
      files.write("e.yaml",
                  "name: g\ncluster: {nodes: [{count: 8, gpu: v100-32g, gpus_per_node: 8}]}\n"
                  "workload: {trace: {format: gavel, path: gavel.trace, throughputs: rates.json}}\n"
                  "policy: {name: fifo}\n");
  const std::string before = id_of(files, path);
  CHECK(id_of(files, path) == before);
  files.write("rates.json", rates + "\n");
  CHECK(id_of(files, path) != before);
}

TEST_CASE("a run whose file changed since the comparison looked says so and makes nothing") {
  const Files files;
  const std::string trace = "job_id,submit_seconds,gpus,duration_seconds\na,0,1,5\n";
  files.write("jobs.csv", trace);
  const std::string path =
      files.write("e.yaml",
                  "name: n\ncluster: {nodes: [{gpu: t4}]}\npolicy: {name: fifo}\n"
                  "workload: {trace: {format: csv, path: jobs.csv}}\n");
  Expansion points(load_document(path));
  InputChecks(points).check_all();
  files.write("jobs.csv", trace + "b,1,1,5\n");
  RunOptions options = quiet(files.path() + "/out");
  options.expected_run_id = points[0].run_id;
  CHECK(error_of([&] {
          run_point(points.point(0), options);
        }).find("is not what it was when the comparison began") != std::string::npos);
  CHECK_FALSE(fs::exists(files.path() + "/out"));
}

TEST_CASE("jobs are served in order of submission, those of one instant as the file has them") {
  for (const char* const policy : {"fifo", "easy", "gandiva"}) {
    CAPTURE(policy);
    const Files files;
    files.write("jobs.csv",
                "job_id,submit_seconds,gpus,duration_seconds\n"
                "late,20,1,10\nfirst,0,1,10\nsame-b,20,1,10\nsecond,10,1,15\n");
    const std::string path = files.write(
        "e.yaml",
        "name: n\ncluster: {nodes: [{gpu: t4, gpus_per_node: 1}]}\nworkload: {trace: {format: csv, "
        "path: jobs.csv}}\npolicy: {name: " +
            std::string(policy) + "}\nwithout_throughput: proportional\n");
    const std::string out = files.path() + "/out";
    run_point(expand(load_document(path)).front(), quiet(out));
    std::string order;
    orrery::base::LineReader lines(out + "/jobs.csv");
    std::string_view line;
    lines.next(line);
    while (lines.next(line)) {
      const std::size_t id = line.find(',');
      const std::size_t submit = line.find(',', id + 1);
      order += std::string(line.substr(0, id)) + " " +
               std::string(line.substr(submit + 1, line.find(',', submit + 1) - submit - 1)) + "; ";
    }
    CHECK(order == "first 0; second 10; late 25; same-b 35; ");
  }
}

TEST_CASE("a policy's label cannot be the name of a file of the comparison") {
  for (const char* const label : {"comparison.json", "report.html", "experiment.yaml"}) {
    const RunPoint point =
        points_of(plain_experiment() + "policies: [{name: fifo, label: " + std::string(label) +
                  "}]\n")
            .front();
    CHECK(error_of([&] {
            check_run_name(point, {});
          }).find(std::string("would lie in '") + label + "'") != std::string::npos);
  }
  CHECK_NOTHROW(check_run_name(points_of(plain_experiment() + "policies: [fifo]\n").front(), {}));
}
