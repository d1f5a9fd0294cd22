#include "traces/calendar_time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <string>

using orrery::traces::parse_calendar_time;

TEST_CASE("calendar times count from 1970 with leap days and nothing else") {
  CHECK(parse_calendar_time("1970-01-01 00:00:00") == 0);
  CHECK(parse_calendar_time("1970-01-02 00:00:01") == 86401);
  CHECK(parse_calendar_time("2000-03-01 00:00:00") == 951868800);  // after a leap day
  CHECK(parse_calendar_time("2017-10-07T01:11:39") == 1507338699);
  CHECK(parse_calendar_time("1969-12-31 23:59:59") == -1);
  // The hour of an American daylight saving step has 3,600 seconds, like any other.
  CHECK(*parse_calendar_time("2017-11-05 02:00:00") - *parse_calendar_time("2017-11-05 01:00:00") ==
        3600);
}

TEST_CASE("calendar times agree with timegm over a century of odd steps") {
  // Independent reference: the C library's own conversion of UTC.
  for (std::int64_t seconds = 0; seconds < 4'000'000'000; seconds += 86400 * 37 + 12345) {
    const auto clock = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&clock, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    REQUIRE(parse_calendar_time(text) == seconds);
  }
}

TEST_CASE("the machine's time zone does not matter") {
  const char* before = std::getenv("TZ");
  const std::string saved = before != nullptr ? before : "";
  const auto expected = parse_calendar_time("2017-11-05 01:30:00");
  for (const char* zone : {"America/Los_Angeles", "Asia/Kolkata", "UTC"}) {
    setenv("TZ", zone, 1);
    tzset();
    CHECK(parse_calendar_time("2017-11-05 01:30:00") == expected);
  }
  if (before != nullptr) {
    setenv("TZ", saved.c_str(), 1);
  } else {
    unsetenv("TZ");
  }
  tzset();
}

TEST_CASE("what is not a time of the calendar is refused") {
  for (const char* text :
       {"", "2017-10-07", "2017-10-07 01:11", "2017-13-01 00:00:00", "2017-00-01 00:00:00",
        "2017-02-29 00:00:00", "2017-04-31 00:00:00", "2017-10-07 24:00:00", "2017-10-07 01:60:00",
        "2017-10-07 01:11:60", "2017-10-07 01:11:39Z", "2017/10/07 01:11:39", "2017-10-07 01:11:3x",
        "-017-10-07 01:11:39", "2017-10-07  1:11:39", "Unknown"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_calendar_time(text).has_value());
  }
}
