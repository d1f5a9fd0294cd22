// What is read of the attempts of Philly's original job log.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/traces/support.hpp"

using namespace orrery;

namespace {

/// Attempts of a Philly job: minutes after midnight or nothing, and GPUs.
struct Attempt {
  int start = -1;
  int end = -1;
  int gpus = 0;
};

std::string philly_job(const std::string& id, const std::vector<Attempt>& attempts) {
  const auto time = [](int minutes) {
    if (minutes < 0) return std::string("null");
    return "\"2017-10-07 0" + std::to_string(minutes / 60) + ':' +
           std::to_string(minutes % 60 / 10) + std::to_string(minutes % 10) + ":00\"";
  };
  std::string list;
  for (const Attempt& a : attempts) {
    std::string gpus;
    for (int i = 0; i < a.gpus; ++i)
      gpus += (i > 0 ? ", \"gpu" : "\"gpu") + std::to_string(i) + '"';
    list += (list.empty() ? "" : ", ") + std::string("{\"start_time\": ") + time(a.start) +
            ", \"end_time\": " + time(a.end) + ", \"detail\": [" +
            (a.gpus > 0 ? "{\"ip\": \"m1\", \"gpus\": [" + gpus + "]}" : "") + "]}";
  }
  return R"({"vc": "v", "jobid": ")" + id + R"(", "submitted_time": "2017-10-07 00:00:00", )" +
         "\"attempts\": [" + list + "]}";
}

}  // namespace

TEST_CASE("philly-json: durations are the time attempts ran, GPUs those of the first to begin") {
  const auto w = test::read_text("philly-json", R"([
    {"status": "Pass", "vc": "ee9e8c", "jobid": "app_1", "user": "u", "attempts": [
      {"start_time": "2017-10-07 01:12:09", "end_time": "2017-10-07 01:13:23",
       "detail": [{"ip": "m47", "gpus": ["gpu0", "gpu1"]}, {"ip": "m48", "gpus": ["gpu0"]}]},
      {"start_time": null, "end_time": "2017-10-07 01:13:25", "detail": []},
      {"start_time": "2017-10-07 01:13:30", "end_time": "2017-10-07 01:14:30",
       "detail": [{"ip": "m412", "gpus": ["gpu0"]}]}],
     "submitted_time": "2017-10-07 01:11:39"},
    {"status": "Killed", "vc": "ee9e8c", "jobid": "never", "attempts": [],
     "submitted_time": "2017-10-07 01:11:00"},
    {"status": "Killed", "vc": "ee9e8c", "jobid": "running", "attempts": [
      {"start_time": "2017-10-07 01:12:09", "end_time": "None",
       "detail": [{"ip": "m47", "gpus": ["gpu0"]}]}], "submitted_time": "2017-10-07 01:11:00"},
    {"status": "Failed", "vc": "ee9e8c", "jobid": "no gpus", "attempts": [
      {"start_time": "2017-10-07 01:12:09", "end_time": "2017-10-07 01:12:19", "detail": []}],
     "submitted_time": "2017-10-07 01:11:00"},
    {"extra": {"attempts": [[{"start_time": "x"}]]}, "status": "Pass", "vc": "b", "jobid": "app_2",
     "attempts": [{"start_time": "2017-10-07 01:12:09", "end_time": "2017-10-07 01:12:09",
                   "detail": [{"ip": "m47", "gpus": ["gpu0"]}]}],
     "submitted_time": "2017-10-07 01:11:49"}])");
  REQUIRE(w.jobs.size() == 2);
  CHECK(w.left_out.rows() == 3);
  CHECK(w.jobs[0].duration_seconds == 74 + 60);
  CHECK(w.jobs[0].gpus == 3);
  CHECK(w.jobs[0].submit_seconds == 0);
  CHECK(w.jobs[1].id == "app_2");
  CHECK(w.jobs[1].submit_seconds == 10);
  CHECK(w.jobs[1].duration_seconds == 0);
}

TEST_CASE("philly-json: an attempt that never began changes nothing, wherever it stands") {
  constexpr Attempt kNever{};
  constexpr Attempt kNeverKilled{-1, 25, 0};  // waited, and was given up at a known time
  constexpr Attempt kNeverWithGpus{-1, -1, 8};
  constexpr Attempt kFirst{10, 20, 3};
  constexpr Attempt kSecond{30, 35, 1};
  for (const Attempt& never : {kNever, kNeverKilled, kNeverWithGpus}) {
    const std::vector<std::vector<Attempt>> orders = {
        {kFirst, kSecond},
        {never, kFirst, kSecond},
        {kFirst, never, kSecond},
        {kFirst, kSecond, never},
        {never, never, kFirst, never, kSecond, never}};
    for (std::size_t i = 0; i < orders.size(); ++i) {
      CAPTURE(i);
      const auto w = test::read_text("philly-json", '[' + philly_job("a", orders[i]) + ']');
      REQUIRE(w.jobs.size() == 1);
      CHECK(w.jobs[0].gpus == 3);
      CHECK(w.jobs[0].duration_seconds == 15 * 60);
    }
  }
}

TEST_CASE("philly-json: attempts without an end or without GPUs") {
  const auto read = [](const std::vector<Attempt>& attempts) {
    // A job that ran stands beside it, since a workload without jobs is refused.
    return test::read_text(
        "philly-json", '[' + philly_job("b", {{0, 1, 1}}) + ',' + philly_job("a", attempts) + ']');
  };
  const std::vector<std::vector<Attempt>> excluded = {
      {},                              // no attempt
      {{-1, -1, 0}},                   // none began
      {{-1, 20, 2}, {-1, -1, 2}},      // none began
      {{10, -1, 2}},                   // runs
      {{10, 20, 2}, {30, -1, 2}},      // the last one runs
      {{10, 20, 2}, {30, -1, 2}, {}},  // it runs, and what stands behind it never began
      {{10, 20, 0}},                   // never had a GPU
      {{10, 20, 0}, {-1, -1, 2}},      // its GPUs are of an attempt that never began
  };
  for (std::size_t i = 0; i < excluded.size(); ++i) {
    CAPTURE(i);
    const auto w = read(excluded[i]);
    CHECK(w.jobs.size() == 1);
    CHECK(w.left_out.rows() == 1);
  }
  // An end that was not logged before a later attempt: its GPUs are known, its time is not.
  const auto lost_end = read({{10, -1, 3}, {30, 35, 1}});
  REQUIRE(lost_end.jobs.size() == 2);
  CHECK(lost_end.jobs[1].gpus == 3);
  CHECK(lost_end.jobs[1].duration_seconds == 5 * 60);
  // An attempt without GPUs before one with them.
  const auto later = read({{10, 20, 0}, {30, 35, 2}});
  REQUIRE(later.jobs.size() == 2);
  CHECK(later.jobs[1].gpus == 2);
  CHECK(later.jobs[1].duration_seconds == 5 * 60);
}

TEST_CASE("philly-json: broken JSON fails, skipping or not") {
  for (const char* text :
       {"", "[", "[{]", "{}", "7", "[{\"jobid\": \"a\"}", "[] x", "[\"a", "nul"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(test::read_text("philly-json", text, traces::OnBadRow::skip), base::Error);
  }
  const std::string deep(100'000, '[');
  const auto error = test::error_of("philly-json", deep, traces::OnBadRow::skip);
  CHECK(error.sentence().find("nested deeper") != std::string::npos);
}

TEST_CASE("philly-json: an element has a bound, as a line of other formats") {
  // A gigabyte of blanks is a megabyte as gzip.
  const std::string blanks(std::size_t{17} << 20, ' ');
  const std::string good = philly_job("a", {{0, 5, 1}});
  const auto refusal = [](const std::string& text) {
    return test::error_of("philly-json", test::gzipped(text)).sentence();
  };
  CHECK(refusal("[" + blanks) == "an element is longer than 16 MiB");
  CHECK(refusal("[" + good + "," + blanks + good + "]") == "an element is longer than 16 MiB");
  CHECK(refusal("[{\"jobid\": \"" + blanks + "\"}]") == "an element is longer than 16 MiB");
  CHECK(refusal("[" + good + "]" + blanks) == "an element is longer than 16 MiB");
  // Elements that are longer together are read.
  const std::string half(std::size_t{9} << 20, ' ');
  CHECK(test::read_text("philly-json",
                        "[" + half + good + "," + half + philly_job("b", {{0, 5, 1}}) + half + "]")
            .jobs.size() == 2);
}

TEST_CASE("philly-json: the attempts of a job have a bound") {
  std::vector<std::string> attempts(100'000, "{}");
  const auto log = [&] {
    std::string list;
    for (const std::string& attempt : attempts) list += (list.empty() ? "" : ",") + attempt;
    return R"([{"vc": "v", "jobid": "a", "submitted_time": "2017-10-07 00:00:00", "attempts": [)" +
           list + "]}]";
  };
  CHECK(test::error_of("philly-json", log()).sentence() ==
        "has 100000 attempts or more, expected fewer");
  attempts.pop_back();
  attempts.back() = R"({"start_time": "2017-10-07 00:00:00", "end_time": "2017-10-07 00:01:00",
                        "detail": [{"gpus": ["gpu0"]}]})";
  CHECK(test::read_text("philly-json", log()).jobs.size() == 1);
}
