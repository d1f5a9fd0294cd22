// The samples of all formats describe the same jobs: each reader must say so.
#include <doctest/doctest.h>

#include "models/base/text_file.hpp"
#include "tests/traces/support.hpp"
#include "workloads/workload_statistics.hpp"

using namespace orrery;
using test::sample;

namespace {

struct Sample {
  std::string file;
  std::string format;
  bool has_clusters;
  std::uint64_t excluded;
};

const Sample kSamples[] = {
    {"philly.csv", "philly", true, 0},      {"philly.json", "philly-json", true, 3},
    {"helios.csv", "helios", false, 0},     {"helios-cluster-log.csv", "helios", true, 5},
    {"pai-2020.csv", "pai-2020", false, 0}, {"pai-2020-tasks.csv", "pai-2020", false, 7},
    {"pai-2023.csv", "pai-2023", false, 4}, {"jobs.swf", "swf", false, 2},
    {"gavel.trace", "gavel", false, 0},     {"gavel.csv", "gavel", true, 5},
    {"sacct.txt", "sacct", true, 44},
};

std::string options_of(const Sample& s) {
  return s.format == "gavel" ? test::gavel_options() : "";
}

}  // namespace

TEST_CASE("every format reads the same forty jobs") {
  const auto native = test::read_trace("csv", sample("jobs.csv"));
  REQUIRE(native.jobs.size() == 40);
  for (const Sample& s : kSamples) {
    CAPTURE(s.file);
    const auto other =
        test::read_trace(s.format, sample(s.file), traces::OnBadRow::fail, options_of(s));
    CHECK_NOTHROW(workloads::check(other));
    CHECK(other.left_out.rows() == s.excluded);
    CHECK(other.skipped_rows == 0);
    CHECK(other.source == sample(s.file));
    REQUIRE(other.jobs.size() == native.jobs.size());
    std::uint32_t line = 0;
    for (std::size_t i = 0; i < native.jobs.size(); ++i) {
      CAPTURE(i);
      const auto& want = native.jobs[i];
      const auto& got = other.jobs[i];
      CHECK(got.submit_seconds == want.submit_seconds);
      CHECK(got.duration_seconds == want.duration_seconds);
      CHECK(got.gpus == want.gpus);
      CHECK(got.gpu_milli == 1000);
      if (s.has_clusters) {
        CHECK(other.names.text(got.virtual_cluster) == native.names.text(want.virtual_cluster));
      }
      CHECK(got.line > line);  // file order
      line = got.line;
    }
  }
}

TEST_CASE("a gzip of a sample reads as the sample") {
  for (const Sample& s : kSamples) {
    CAPTURE(s.file);
    const auto plain =
        test::read_trace(s.format, sample(s.file), traces::OnBadRow::fail, options_of(s));
    const std::string bytes = base::read_text_file(sample(s.file));
    const auto packed =
        test::read_text(s.format, test::gzipped(bytes), traces::OnBadRow::fail, options_of(s));
    CHECK(test::same_jobs(plain, packed));
    CHECK(plain.left_out.rows() == packed.left_out.rows());
  }
}

TEST_CASE("a truncated gzip fails, skipping or not, wherever it is cut") {
  for (const Sample& s : kSamples) {
    CAPTURE(s.file);
    const std::string packed = test::gzipped(base::read_text_file(sample(s.file)));
    for (const std::size_t keep : {packed.size() - 1, packed.size() - 9, packed.size() / 2}) {
      CAPTURE(keep);
      for (const auto mode : {traces::OnBadRow::fail, traces::OnBadRow::skip}) {
        const auto error = test::error_of(s.format, packed.substr(0, keep), mode, options_of(s));
        CHECK(error.sentence().find("truncated") != std::string::npos);
        CHECK(error.where().file.find("orrery-trace-") != std::string::npos);
      }
    }
  }
}

TEST_CASE("jobs of any format survive the native one exactly") {
  for (const Sample& s : kSamples) {
    CAPTURE(s.file);
    const auto read =
        test::read_trace(s.format, sample(s.file), traces::OnBadRow::fail, options_of(s));
    const std::string csv = traces::to_native_csv(read);
    const auto again = test::read_text("csv", csv);
    CHECK(test::same_jobs(read, again));
    CHECK(traces::to_native_csv(again) == csv);
  }
}
