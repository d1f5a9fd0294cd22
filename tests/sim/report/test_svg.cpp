#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <limits>

#include "models/base/error.hpp"
#include "sim/report/svg/drawing.hpp"
#include "sim/report/svg/svg.hpp"
#include "tests/sim/report/text_parts.hpp"
#include "xml_check.hpp"

using namespace orrery;
using namespace orrery::report;
using namespace orrery::report::testing;

namespace {

const std::string kHostile = "<script>&\"'\x01]]>\xff\xc0\xaf\xed\xa0\x80</svg>";

/// The picture of a chart that must be well-formed and the same twice, without a number that no
/// reader takes.
std::string picture_of(const Json& chart) {
  std::string picture = svg(chart);
  CHECK(xml_fault(picture) == "");
  CHECK(picture == svg(chart));
  // Text of axes may say anything; coordinates may not.
  for (const char* bad : {"=\"nan", "=\"inf", "=\"-inf", ",nan", "nan,", "e+"})
    CHECK_MESSAGE(!holds(picture, bad), bad);
  return picture;
}

Json base_chart(const char* kind) {
  return {{"key", "k"},          {"kind", kind},      {"title", "A title"},
          {"x_unit", "seconds"}, {"y_unit", "count"}, {"series", Json::array()}};
}

Json distribution(const std::vector<double>& values, int n, int of) {
  Json chart = base_chart("distribution");
  chart["x_name"] = "wait";
  chart["series"].push_back({{"name", "fifo"}, {"values", values}, {"n", n}, {"of", of}});
  return chart;
}

Json steps(const std::vector<double>& time, const Json& values, bool stacked) {
  Json chart = base_chart("steps");
  chart["time"] = time;
  chart["end"] = time.empty() ? 0.0 : time.back() + 10;
  chart["stacked"] = stacked;
  chart["series"].push_back({{"name", "a"}, {"values", values}});
  return chart;
}

Json lanes(int count) {
  Json chart = base_chart("lanes");
  chart["begin"] = 0;
  chart["unit"] = 1;
  for (int i = 0; i < count; ++i) {
    chart["lanes"].push_back(
        {{"name", "node " + std::to_string(i)}, {"group", "v100"}, {"rows", 1}, {"first", i}});
    for (const int number : {i, 1, 1, 50, i % 5 == 0 ? -3 : i}) chart["bars"].push_back(number);
  }
  chart["items"] = Json::array();
  return chart;
}

}  // namespace

TEST_CASE("texts cannot leave their element, whatever their bytes") {
  CHECK(xml_text("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
  CHECK(xml_text("\x01\x7f\t") == "\xEF\xBF\xBD\x7f\t");
  CHECK(xml_text("\xC3\xA9 \xF0\x9F\x98\x80") == "\xC3\xA9 \xF0\x9F\x98\x80");
  // An overlong form, a surrogate, and a character cut short.
  CHECK(xml_text("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(count(xml_text("\xED\xA0\x80"), "\xEF\xBF\xBD") == 3);
  CHECK(xml_text("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_text("\xEF\xBF\xBF") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(shortened("abcdef", 4) == "abc\xE2\x80\xA6");
  CHECK(shortened("\xC3\xA9\xC3\xA9", 2) == "\xC3\xA9\xC3\xA9");
}

TEST_CASE("the checker of these tests finds what no XML reader takes") {
  const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  CHECK(xml_fault(head + "<a b=\"c\"><d/>t &amp; u</a>\n") == "");
  for (const char* bad : {"<a>", "<a></b>", "<a b=c/>", "<a>&</a>", "<a/><b/>", "<a b=\"<\"/>",
                          "<a>\x01</a>", "<a b=\"1\" b=\"2\"/>", "text", ""})
    CHECK_MESSAGE(xml_fault(head + bad) != "", bad);
}

TEST_CASE("a distribution that spans decades has a logarithmic axis of times") {
  const std::string wide = picture_of(distribution({1, 60, 3600, 90000}, 4, 4));
  for (const char* label : {">1 s<", ">1 min<", ">1 h<", ">1 d<", ">100<", ">wait<"})
    CHECK_MESSAGE(holds(wide, label), label);
  const std::string narrow = picture_of(distribution({7200, 9000, 10800}, 3, 3));
  CHECK(holds(narrow, ">wait (h)<"));
  CHECK_FALSE(holds(narrow, ">1 min<"));
}

TEST_CASE("a distribution of things that partly have no value ends below 100 %") {
  // The plot's lower end and its height are those of the y axis: from the first to the last tick.
  const std::string whole = picture_of(distribution({0, 1}, 2, 2));
  const std::string half = picture_of(distribution({0, 1}, 1, 2));
  const auto last_y = [](const std::string& picture) {
    const std::size_t line = picture.find("<polyline");
    const std::size_t begin = picture.find(',', picture.find(' ', picture.find('"', line))) + 1;
    return std::stod(picture.substr(begin));
  };
  CHECK(last_y(whole) == doctest::Approx(8));
  CHECK(last_y(half) > 90);
}

TEST_CASE("steps are drawn in the unit that suits the time, with their limit") {
  Json chart = steps({0, 86400, 5 * 86400.0}, {1, 3, 2}, false);
  chart["series"][0]["limit"] = 4;
  chart["limit_name"] = "available";
  const std::string picture = picture_of(chart);
  CHECK(holds(picture, ">simulated time (d)<"));
  CHECK(holds(picture, ">available<"));
  CHECK(count(picture, "<polyline") == 2);
  // A limit far above what is drawn is left out.
  chart["series"][0]["limit"] = 4000;
  CHECK(count(picture_of(chart), "<polyline") == 1);
  // Series may change at other instants.
  chart["series"].push_back(
      {{"name", "b"}, {"time", {10, 20}}, {"end", 30}, {"values", {1, nullptr}}});
  CHECK(count(picture_of(chart), "<polyline") == 2);
}

TEST_CASE("a line of steps is broken where there is no value") {
  const std::string picture = picture_of(steps({0, 10, 20}, {1, nullptr, 2}, false));
  CHECK(count(picture, "<polyline") == 2);
}

TEST_CASE("steps that add up are areas") {
  Json chart = steps({0, 10}, {1, 2}, true);
  chart["series"].push_back({{"name", "b"}, {"values", 5}});
  const std::string picture = picture_of(chart);
  CHECK(count(picture, "<polygon") == 4);
  CHECK(holds(picture, "<pattern"));
}

TEST_CASE("bars have whiskers where they have an interval, and gaps where they have no value") {
  Json chart = base_chart("bars");
  chart["labels"] = {"x", "y", "z"};
  chart["series"] = {{{"name", "a"}, {"values", {Json::array({3, 1}), nullptr, -2}}},
                     {{"name", "b"}, {"values", {1, Json::array({2, nullptr}), 3}}}};
  const std::string picture = picture_of(chart);
  // Five bars, two boxes of the legend, the ground, and one within the hatch.
  CHECK(count(picture, "<rect") == 9);
  CHECK(count(picture, "stroke-width=\"0.7\"") == 3);
}

TEST_CASE("heat leaves out what has no value, and shows peaks of large charts") {
  Json chart = base_chart("heat");
  chart["rows"] = {"a", "b"};
  chart["columns"] = {1, 2, 3};
  chart["values"] = {{0, 1, nullptr}, {2, 3, 4}};
  const std::string picture = picture_of(chart);
  CHECK(count(picture, "#f0f4fa") == 1);
  CHECK(count(picture, "#0e285c") == 1);
  Json large = base_chart("heat");
  for (int i = 0; i < 300; ++i) {
    large["rows"].push_back("r");
    large["columns"].push_back("c");
  }
  large["values"] = Json(300, Json(300, 0));
  large["values"][150][150] = 1;
  const std::string peak = picture_of(large);
  CHECK(count(peak, "<rect") < 20'100);
  CHECK(count(peak, "#0e285c") == 1);
}

TEST_CASE("points of a scatter stand on logarithmic axes where they span decades") {
  Json chart = base_chart("scatter");
  chart["x_unit"] = "bytes";
  chart["series"] = {{{"name", "a"}, {"points", {{1024, 1}, {1 << 30, 2}}}},
                     {{"name", "b"}, {"points", {{2048, 3}, {nullptr, 1}, {1}}}}};
  const std::string picture = picture_of(chart);
  CHECK(holds(picture, ">1 MiB<"));
  // Three points, and two marks of the legend.
  CHECK(count(picture, "<polygon") == 5);
}

TEST_CASE("lanes are drawn, merged runs in grey, 512 of them too") {
  const std::string picture = picture_of(lanes(4));
  CHECK(count(picture, "#bbbbbb") == 1);
  CHECK(holds(picture, ">node 3<"));
  const std::string many = picture_of(lanes(512));
  CHECK(count(many, "<rect") >= 512);
  CHECK(count(many, ">node ") < 60);
}

TEST_CASE("charts without data, and those not recorded, say so") {
  CHECK(holds(picture_of(distribution({}, 0, 5)), "No data."));
  CHECK(holds(picture_of(steps({}, Json::array(), true)), "No data."));
  CHECK(holds(picture_of(steps({}, 7, false)), "No data."));
  Json bars = base_chart("bars");
  bars["labels"] = Json::array();
  CHECK(holds(picture_of(bars), "No data."));
  Json heat = base_chart("heat");
  heat["rows"] = heat["columns"] = heat["values"] = Json::array();
  CHECK(holds(picture_of(heat), "No data."));
  CHECK(holds(picture_of(base_chart("scatter")), "No data."));
  Json none = base_chart("lanes");
  none["lanes"] = none["bars"] = Json::array();
  CHECK(holds(picture_of(none), "No data."));
  CHECK(holds(picture_of({{"key", "k"},
                          {"kind", "steps"},
                          {"title", "t"},
                          {"missing", "Not recorded in this run."}}),
              "Not recorded in this run."));
}

TEST_CASE("one point, equal values and values beyond all measure are drawn") {
  const double huge = std::numeric_limits<double>::max();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& values : {std::vector<double>{5},
                                            {0, 0, 0},
                                            {-3, -2},
                                            {huge, huge},
                                            {1e-300, huge},
                                            {nan, 1, huge},
                                            {std::numeric_limits<double>::denorm_min(), 1},
                                            {-huge, huge}})
    picture_of(distribution(values, 1, 1));
  for (const Json& values : {Json{5.0}, Json{huge}, Json{nan}, Json{nullptr}, Json{-huge}}) {
    for (const bool stacked : {false, true}) {
      picture_of(steps({3}, values, stacked));
      picture_of(steps({huge}, values, stacked));
    }
    Json bars = base_chart("bars");
    bars["labels"] = {"one"};
    bars["series"] = {{{"name", "a"}, {"values", values}}};
    picture_of(bars);
    Json heat = base_chart("heat");
    heat["rows"] = heat["columns"] = {"one"};
    heat["values"] = Json::array({values});
    picture_of(heat);
    Json scatter = base_chart("scatter");
    scatter["series"] = {{{"name", "a"}, {"points", {{values[0], 1}, {1, values[0]}}}}};
    picture_of(scatter);
  }
}

TEST_CASE("ten series are ten colours with dashes and marks; a legend names them all") {
  Json chart = distribution({1, 2, 3}, 3, 3);
  for (int i = 1; i < 10; ++i) {
    chart["series"].push_back(chart["series"][0]);
    chart["series"].back()["name"] = "a rather long policy name " + std::to_string(i);
  }
  const std::string picture = picture_of(chart);
  CHECK(count(picture, "<polyline") == 10);
  CHECK(count(picture, "a rather long policy name") == 9);
  // From the sixth on: three marks on the line, one in the legend.
  CHECK(count(picture, "<polygon") == 20);
}

TEST_CASE("names cannot end an element of a picture") {
  std::vector<Json> charts{distribution({1, 2}, 2, 2), steps({1, 2}, {1, 2}, true), lanes(2)};
  for (Json& chart : charts) {
    chart["title"] = chart["x_name"] = chart["y_name"] = kHostile;
    for (Json& series : chart["series"]) series["name"] = kHostile;
    chart["series"].push_back(chart["series"].empty() ? Json::object() : chart["series"][0]);
    if (chart.contains("lanes")) chart["lanes"][0]["name"] = kHostile;
    CHECK_FALSE(holds(picture_of(chart), "<script"));
  }
}

TEST_CASE("numbers do not follow the locale") {
  const std::string before = picture_of(distribution({0.5, 1.5}, 2, 2));
  const std::string old = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"})
    if (std::setlocale(LC_ALL, name) != nullptr)
      CHECK(picture_of(distribution({0.5, 1.5}, 2, 2)) == before);
  std::setlocale(LC_ALL, old.c_str());
}

TEST_CASE("an unknown kind of chart is an error") {
  CHECK_THROWS_WITH_AS(svg(base_chart("pie")), doctest::Contains("found 'pie'"), base::Error);
}
