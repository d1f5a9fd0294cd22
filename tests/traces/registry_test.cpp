#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "models/base/text_file.hpp"
#include "tests/traces/support.hpp"

using namespace orrery;
using test::sample;

TEST_CASE("every reader's file is registered, in the order of names") {
  std::vector<std::string> names;
  for (const traces::TraceFormat* format : traces::formats()) {
    names.push_back(format->name);
    CHECK_FALSE(format->help.empty());
    CHECK_FALSE(format->origin.empty());
    CHECK(traces::find_format(format->name) == format);
  }
  CHECK(std::is_sorted(names.begin(), names.end()));
  std::size_t readers = 0;
  const auto folder = std::filesystem::path(ORRERY_SOURCE_DIR) / "traces";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().ends_with("_reader.cpp"))
      readers += base::read_text_file(entry.path().string()).find("const FormatRegistration") !=
                 std::string::npos;
  CHECK(names.size() == readers);
  CHECK(traces::find_format("phily") == nullptr);
}

TEST_CASE("the format of every sample is recognised") {
  const std::pair<const char*, const char*> kFormats[] = {
      {"jobs.csv", "csv"},          {"two-days.csv", "csv"},
      {"philly.csv", "philly"},     {"philly.json", "philly-json"},
      {"helios.csv", "helios"},     {"helios-cluster-log.csv", "helios"},
      {"pai-2020.csv", "pai-2020"}, {"pai-2020-tasks.csv", "pai-2020"},
      {"pai-2023.csv", "pai-2023"}, {"jobs.swf", "swf"},
      {"gavel.trace", "gavel"},     {"gavel.csv", "gavel"},
      {"sacct.txt", "sacct"},       {"arena-jobs.csv", "arena"},
      {"sia-jobs.csv", "sia"}};
  for (const auto& entry : kFormats) {
    const auto& file = entry.first;
    const auto& name = entry.second;
    CAPTURE(file);
    const traces::TraceFormat* found = traces::detect_format(sample(file));
    REQUIRE(found != nullptr);
    CHECK(found->name == name);
    const test::TemporaryFile packed(test::gzipped(base::read_text_file(sample(file))));
    CHECK(traces::detect_format(packed.path()) == found);
    // No second format claims the same file.
    std::size_t claims = 0;
    const std::string text = base::read_text_file(sample(file));
    for (const auto* format : traces::formats())
      claims += format->matches(text.substr(0, text.find('\n')));
    CHECK(claims == 1);
  }
}

TEST_CASE("blank lines, a byte order mark and carriage returns do not hide a format") {
  const test::TemporaryFile file(
      "\xEF\xBB\xBF\r\n\r\njob_id,submit_seconds,gpus,duration_seconds\r\na,0,1,2\r\n");
  const traces::TraceFormat* found = traces::detect_format(file.path());
  REQUIRE(found != nullptr);
  CHECK(found->name == "csv");
  CHECK(test::read_trace("csv", file.path()).jobs.size() == 1);
}

TEST_CASE("what no format knows is not a format, and a missing file an error") {
  for (const char* content : {"", "hello\n", "a,b,c\n1,2,3\n", "1 2 3\n"}) {
    const test::TemporaryFile file(content);
    CHECK(traces::detect_format(file.path()) == nullptr);
  }
  CHECK_THROWS_AS(traces::detect_format("no/such/file"), base::Error);
}

TEST_CASE("a format is found by its name, an unknown one is answered with the nearest") {
  const base::Where where{"exp.yaml", 8, 19, "workload.trace.format"};
  CHECK(&traces::format_named("philly", where) == traces::find_format("philly"));
  try {
    traces::format_named("phily", where);
    FAIL("no error");
  } catch (const base::Error& error) {
    CHECK(std::string(error.what()) ==
          "exp.yaml:8:19: workload.trace.format: no trace format is called 'phily'; did you mean "
          "'philly'?");
  }
}

TEST_CASE("a second format of one name is a mistake in the program") {
  const auto again = [] { traces::FormatRegistration second(*traces::find_format("swf")); };
  CHECK_THROWS_WITH_AS(again(), "the trace format 'swf' is registered twice", std::logic_error);
}

TEST_CASE("unknown options are refused with the nearest known one") {
  const traces::TraceFormat* swf = traces::find_format("swf");
  REQUIRE(swf != nullptr);
  const auto node = base::parse_yaml("processors_per_gpus: 4", "options");
  try {
    swf->make(node);
    FAIL("no error");
  } catch (const base::Error& error) {
    CHECK(std::string(error.what()).find("processors_per_gpu") != std::string::npos);
  }
  for (const traces::TraceFormat* format : traces::formats()) {
    CAPTURE(format->name);
    CHECK_THROWS_AS(format->make(base::parse_yaml("no_such_option: 1", "options")), base::Error);
  }
}
