// What charts are drawn from: reduced, but never wrong about what it says.
#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "sim/report/charts/chart_data.hpp"
#include "sim/report/report_numbers.hpp"
#include "tests/sim/report/temporary_directory.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;
using world::Chart;
using Kind = Chart::Kind;

namespace {

Json chart_data(const Chart& chart, const std::vector<ChartSource>& sources,
                const ChartLimits& limits = {}) {
  const auto json = chart_json(chart, sources, limits);
  REQUIRE(json.has_value());
  return *json;
}

Chart timeline() {
  return {.kind = Kind::steps,
          .key = "gpus",
          .columns = {"time_seconds", "used_*"},
          .compared = false,
          .limits = {"available_*"},
          .stacked = true};
}

Chart queue() {
  return {
      .kind = Kind::steps, .key = "queue", .columns = {"time_seconds", "waiting"}, .largest = true};
}

}  // namespace

TEST_CASE("significant digits") {
  CHECK(significant(123456, 3) == 123000);
  CHECK(significant(0.00123456, 3) == 0.00123);
  CHECK(significant(-9.9999, 3) == -10);
  CHECK(significant(0, 3) == 0);
}

TEST_CASE("a short timeline is kept; a constant column is one number") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("timeline.csv");
  const ChartSource source{"fifo", {{path, 1, 10, {}}}};
  CHECK(chart_data(timeline(), {source}).contains("missing"));
  write_text(path,
             "time_seconds,used_t4,available_t4,waiting\n"
             "0,1,4,0\n5,3,4,7\n");
  const Json json = chart_data(timeline(), {source});
  CHECK(json.at("time") == Json::array({0.0, 5.0}));
  REQUIRE(json.at("series").size() == 1);
  const Json& t4 = json.at("series")[0];
  CHECK(t4.at("name") == "t4");
  CHECK(t4.at("values") == Json::array({1.0, 3.0}));
  CHECK(t4.at("limit") == 4.0);
  CHECK(json.at("end") == 10);
  CHECK(json.at("stacked") == true);
  CHECK_FALSE(json.contains("bin_seconds"));
  Chart other = timeline();
  other.columns[1] = "rounds";
  CHECK_FALSE(chart_json(other, {source}, {}).has_value());
}

TEST_CASE("a long timeline keeps its integral and the peaks of its queue") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("timeline.csv");
  // 1,000 changes one second apart; GPUs i mod 5, one peak in the queue.
  std::string text = "time_seconds,used_t4,available_t4,waiting\n";
  double integral = 0;
  for (int i = 0; i < 1000; ++i) {
    text +=
        std::to_string(i) + ',' + std::to_string(i % 5) + ",4," + (i == 432 ? "99" : "1") + '\n';
    integral += i % 5;
  }
  write_text(path, text);
  const ChartSource source{"fifo", {{path, 1, 1000, {}}}};
  ChartLimits limits;
  limits.points = 30;
  const Json gpus = chart_data(timeline(), {source}, limits);
  const double width = gpus.at("bin_seconds");
  CHECK(gpus.at("bin_value") == "mean");
  const Json& means = gpus.at("series")[0].at("values");
  REQUIRE(means.size() == 30);
  double sum = 0;
  for (const Json& mean : means) sum += mean.get<double>() * width;
  CHECK(sum == doctest::Approx(integral).epsilon(0.001));
  const Json waiting = chart_data(queue(), {source}, limits);
  CHECK(waiting.at("bin_value") == "largest");
  CHECK(waiting.at("series")[0].at("name") == "fifo");
  const auto bin = static_cast<std::size_t>(432 / width);
  for (std::size_t b = 0; b < 30; ++b)
    CHECK(waiting.at("series")[0].at("values")[b] == (b == bin ? 99 : 1));
  write_text(path, "time_seconds,waiting\n5,1\n4,1\n");
  CHECK_THROWS_AS(chart_json(queue(), {source}, {}), base::Error);
}

TEST_CASE("policies that change at different instants share the instants of all") {
  const TemporaryDirectory directory;
  write_text(directory.file("a.csv"), "time_seconds,waiting\n0,1\n4,2\n");
  write_text(directory.file("b.csv"), "time_seconds,waiting\n2,5\n4,6\n");
  const Json json = chart_data(queue(), {{"a", {{directory.file("a.csv"), 1, 8, {}}}},
                                         {"b", {{directory.file("b.csv"), 1, 6, {}}}}});
  CHECK(json.at("time") == Json::array({0.0, 2.0, 4.0}));
  CHECK(json.at("end") == 8);
  CHECK(json.at("series")[0].at("values") == Json::array({1.0, 1.0, 2.0}));
  CHECK(json.at("series")[1].at("values") == Json::array({0.0, 5.0, 6.0}));
}

TEST_CASE("a distribution is over all seeds and says how many values it could have had") {
  const TemporaryDirectory directory;
  write_text(directory.file("1.csv"), "id,from,to,state\na,0,10,done\nb,5,,open\nc,1,9,lost\n");
  write_text(directory.file("2.csv"), "id,from,to,state\na,0,20,done\n");
  const Chart chart{.kind = Kind::distribution,
                    .key = "service",
                    .columns = {"to", "from"},
                    .state_column = "state",
                    .state = "done"};
  const ChartSource source{
      "fifo", {{directory.file("1.csv"), 1, 10, 3.0}, {directory.file("2.csv"), 2, 20, 1.0}}};
  const Json json = chart_data(chart, {source});
  CHECK_FALSE(json.contains("seed"));
  const Json& series = json.at("series")[0];
  CHECK(series.at("values") == Json::array({10.0, 20.0}));
  CHECK(series.at("n") == 2);
  CHECK(series.at("of") == 4);
}

TEST_CASE("bars are means over seeds, heat maps and scatter plots of the first") {
  const TemporaryDirectory directory;
  const std::string one = directory.file("1.csv");
  const std::string two = directory.file("2.csv");
  write_text(one, "x,y,v\na,p,1\nb,p,3\na,q,\n");
  write_text(two, "x,y,v\na,p,3\n");
  const ChartSource source{"fifo", {{one, 1, 0, {}}, {two, 2, 0, {}}}};
  const Json bars = chart_data({.kind = Kind::bars, .key = "v", .columns = {"y", "v"}},
                               {{"fifo", {{two, 2, 0, {}}}}});
  CHECK(bars.at("labels") == Json::array({"p"}));
  CHECK(bars.at("series")[0].at("values") == Json::array({3.0}));
  write_text(one, "x,y,v\na,p,1\nb,p,3\n");
  const Json heat = chart_data(
      {.kind = Kind::heat, .key = "v", .columns = {"y", "x", "v"}, .compared = false}, {source});
  CHECK(heat.at("rows") == Json::array({"p"}));
  CHECK(heat.at("columns") == Json::array({"a", "b"}));
  CHECK(heat.at("values") == Json::array({Json::array({1.0, 3.0})}));
  CHECK(heat.at("seed") == 1);
  const Json means = chart_data({.kind = Kind::bars, .key = "v", .columns = {"x", "v"}}, {source});
  CHECK(means.at("labels") == Json::array({"a", "b"}));
  // 1 and 3: 2 +- 12.7062.
  CHECK(means.at("series")[0].at("values")[0] == Json::array({2.0, 12.7}));
  write_text(one, "x,y,v\n0,5,a\n1,6,b\n2,7,c\n3,8,d\n");
  ChartLimits limits;
  limits.marks = 2;
  const Json dots =
      chart_data({.kind = Kind::scatter, .key = "v", .columns = {"x", "y", "v"}}, {source}, limits);
  CHECK(dots.at("series")[0].at("points") ==
        Json::array({Json::array({0.0, 5.0}), Json::array({2.0, 7.0})}));
  CHECK(dots.at("series")[0].at("labels") == Json::array({"a", "c"}));
  CHECK(dots.at("series")[0].at("of") == 4);
}

namespace {

const char* const kHeader = "item,begin,end,node,group,slots\n";

Chart gantt() {
  return {.kind = Kind::lanes,
          .key = "gantt",
          .columns = {"node", "begin", "end", "item", "slots", "group"},
          .compared = false,
          .lane_name = "node"};
}

struct DecodedBar {
  std::size_t row, rows;
  double begin, end;
  std::int64_t item;
};

std::vector<DecodedBar> decode(const Json& lanes) {
  std::vector<DecodedBar> out;
  const double unit = lanes.at("unit");
  std::int64_t begin = 0;
  const Json& bars = lanes.at("bars");
  for (std::size_t i = 0; i < bars.size(); i += 5) {
    begin += bars[i + 2].get<std::int64_t>();
    const double from = lanes.at("begin").get<double>() + static_cast<double>(begin) * unit;
    out.push_back(
        {bars[i], bars[i + 1], from, from + bars[i + 3].get<double>() * unit, bars[i + 4]});
  }
  return out;
}

}  // namespace

TEST_CASE("bars: one item on neighbouring rows is one, what overlaps is merged") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("allocations.csv");
  const ChartSource source{"fifo", {{path, 1, 1000, {}}}};
  CHECK(chart_data(gantt(), {source}).contains("missing"));
  write_text(path, std::string(kHeader) +
                       "wide,0,500,7,t4,0-1;3\n"
                       "half,100,200,2,t4,0\n"
                       "third,150,300,2,t4,0\n"
                       "wide,600,1000,7,t4,3\n");
  const Json json = chart_data(gantt(), {source});
  // Node 2 has one GPU in row 0; node 7 has four from row 1.
  REQUIRE(json.at("lanes").size() == 2);
  CHECK(json.at("lanes")[0] ==
        Json{{"name", "node 2"}, {"group", "t4"}, {"rows", 1}, {"first", 0}});
  CHECK(json.at("lanes")[1].at("first") == 1);
  CHECK(json.at("lanes")[1].at("rows") == 4);
  CHECK(json.at("items") == Json::array({"wide"}));
  const auto bars = decode(json);
  REQUIRE(bars.size() == 4);
  CHECK(bars[0].row == 1);
  CHECK(bars[0].rows == 2);
  CHECK(bars[1].row == 4);
  CHECK(bars[1].end == doctest::Approx(500));
  CHECK(bars[2].item == -2);
  CHECK(bars[2].begin == doctest::Approx(100));
  CHECK(bars[2].end == doctest::Approx(300));
  CHECK(bars[3].begin == doctest::Approx(600));
  CHECK(json.at("merged_runs") == 2);
  CHECK(json.at("merged_below_seconds") == 0);
}

TEST_CASE("too many bars are merged below a width that is told, and none is lost") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("allocations.csv");
  std::string text = kHeader;
  for (int i = 0; i < 3000; ++i)
    text += "s" + std::to_string(i) + ',' + std::to_string(i) + ',' + std::to_string(i + 1) + ',' +
            std::to_string(i % 4) + ",t4,0\n";
  text += "long,0,3000,4,t4,0-1\n";
  write_text(path, text);
  const ChartSource source{"fifo", {{path, 1, 3000, {}}}};
  ChartLimits limits;
  limits.bars = 50;
  limits.rows = 5;
  const Json json = chart_data(gantt(), {source}, limits);
  CHECK(json.at("hidden") == 1);  // node 4 has two GPUs, and four rows are taken
  const auto bars = decode(json);
  CHECK(bars.size() <= 50);
  std::int64_t merged = 0;
  for (const DecodedBar& bar : bars) merged += bar.item < 0 ? -bar.item : 0;
  CHECK(merged == 3000);
  CHECK(json.at("merged_runs") == 3000);
  CHECK(json.at("merged_below_seconds").get<double>() > 1);
  write_text(path, std::string(kHeader) + "a,0,1,0,t4,0-9999\n");
  CHECK_THROWS_AS(chart_json(gantt(), {source}, limits), base::Error);
}
