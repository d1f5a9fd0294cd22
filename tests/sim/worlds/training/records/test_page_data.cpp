// What charts are drawn from: reduced, but never wrong about what it says.
#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "recorded_run.hpp"
#include "sim/report/report_numbers.hpp"
#include "sim/worlds/training/page/gantt_data.hpp"
#include "sim/worlds/training/page/timeline_data.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

TEST_CASE("significant digits") {
  CHECK(significant(123456, 3) == 123000);
  CHECK(significant(0.00123456, 3) == 0.00123);
  CHECK(significant(-9.9999, 3) == -10);
  CHECK(significant(0, 3) == 0);
}

TEST_CASE("a short timeline is kept; a constant column is one number") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("timeline.csv");
  CHECK(timeline_json(path, 10, 100).is_null());
  write_text(path,
             "time_seconds,used_t4,available_t4,running_jobs,pending_jobs\n"
             "0,1,4,1,0\n5,3,4,2,7\n");
  const Json json = timeline_json(path, 10, 100);
  CHECK(json.at("time") == Json::array({0.0, 5.0}));
  CHECK(json.at("types") == Json::array({"t4"}));
  CHECK(json.at("used") == Json::array({Json::array({1.0, 3.0})}));
  CHECK(json.at("available") == Json::array({4.0}));
  CHECK(json.at("pending") == Json::array({0.0, 7.0}));
  CHECK(json.at("end") == 10);
  CHECK_FALSE(json.contains("bin_seconds"));
}

TEST_CASE("a long timeline keeps its integral and the peaks of its queue") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("timeline.csv");
  // 1,000 changes one second apart; GPUs i mod 5, one peak in the queue.
  std::string text = "time_seconds,used_t4,available_t4,running_jobs,pending_jobs\n";
  double integral = 0;
  for (int i = 0; i < 1000; ++i) {
    text +=
        std::to_string(i) + ',' + std::to_string(i % 5) + ",4,1," + (i == 432 ? "99" : "1") + '\n';
    integral += i % 5;
  }
  write_text(path, text);
  const Json json = timeline_json(path, 1000, 30);
  const double width = json.at("bin_seconds");
  REQUIRE(json.at("used")[0].size() == 30);
  double sum = 0;
  for (const Json& mean : json.at("used")[0]) sum += mean.get<double>() * width;
  CHECK(sum == doctest::Approx(integral).epsilon(0.001));
  const auto bin = static_cast<std::size_t>(432 / width);
  for (std::size_t b = 0; b < 30; ++b) CHECK(json.at("pending")[b] == (b == bin ? 99 : 1));
  write_text(path, "time_seconds,pending_jobs\n5,1\n4,1\n");
  CHECK_THROWS_AS(timeline_json(path, 10, 5), base::Error);
}

namespace {

const char* const kHeader =
    "job_id,start_seconds,end_seconds,node,gpu_type,gpus,milli,slots,ended_by\n";

struct DecodedBar {
  std::size_t row, rows;
  double start, end;
  std::int64_t job;
};

std::vector<DecodedBar> decode(const Json& gantt) {
  std::vector<DecodedBar> out;
  const double unit = gantt.at("unit");
  std::int64_t start = 0;
  const Json& bars = gantt.at("bars");
  for (std::size_t i = 0; i < bars.size(); i += 5) {
    start += bars[i + 2].get<std::int64_t>();
    const double from = gantt.at("begin").get<double>() + static_cast<double>(start) * unit;
    out.push_back(
        {bars[i], bars[i + 1], from, from + bars[i + 3].get<double>() * unit, bars[i + 4]});
  }
  return out;
}

}  // namespace

TEST_CASE("bars: whole jobs on neighbouring GPUs are one, shares of a GPU are merged") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("allocations.csv");
  JobNames names;
  CHECK(gantt_json(path, {}, names).is_null());
  write_text(path, std::string(kHeader) +
                       "wide,0,500,7,t4,3,1000,0-1;3,finished\n"
                       "half,100,200,2,t4,1,500,0,finished\n"
                       "third,150,300,2,t4,1,300,0,finished\n"
                       "wide,600,1000,7,t4,1,1000,3,finished\n");
  const Json json = gantt_json(path, {}, names);
  // Node 2 has one GPU in row 0; node 7 has four from row 1.
  CHECK(json.at("nodes") ==
        Json::array({Json::array({2, "t4", 0, 1}), Json::array({7, "t4", 1, 4})}));
  CHECK(names.list() == Json::array({"wide"}));
  const auto bars = decode(json);
  REQUIRE(bars.size() == 4);
  CHECK(bars[0].row == 1);
  CHECK(bars[0].rows == 2);
  CHECK(bars[1].row == 4);
  CHECK(bars[1].end == doctest::Approx(500));
  CHECK(bars[2].job == -2);
  CHECK(bars[2].start == doctest::Approx(100));
  CHECK(bars[2].end == doctest::Approx(300));
  CHECK(bars[3].start == doctest::Approx(600));
  CHECK(json.at("merged_runs") == 2);
  CHECK(json.at("merged_below_seconds") == 0);
}

TEST_CASE("too many bars are merged below a width that is told, and none is lost") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("allocations.csv");
  std::string text = kHeader;
  for (int i = 0; i < 3000; ++i)
    text += "s" + std::to_string(i) + ',' + std::to_string(i) + ',' + std::to_string(i + 1) + ',' +
            std::to_string(i % 4) + ",t4,1,1000,0,finished\n";
  text += "long,0,3000,4,t4,2,1000,0-1,finished\n";
  write_text(path, text);
  JobNames names;
  GanttLimits limits;
  limits.bars = 50;
  limits.rows = 5;
  const Json json = gantt_json(path, limits, names);
  CHECK(json.at("hidden_nodes") == 1);  // node 4 has two GPUs, and four rows are taken
  const auto bars = decode(json);
  CHECK(bars.size() <= 50);
  std::int64_t merged = 0;
  for (const DecodedBar& bar : bars) merged += bar.job < 0 ? -bar.job : 0;
  CHECK(merged == 3000);
  CHECK(json.at("merged_runs") == 3000);
  CHECK(json.at("merged_below_seconds").get<double>() > 1);
  write_text(path, std::string(kHeader) + "a,0,1,0,t4,1,1000,0-99,finished\n");
  CHECK_THROWS_AS(gantt_json(path, limits, names), base::Error);
}
