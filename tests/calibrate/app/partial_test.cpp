// Measurements that are not finished: kept, torn, damaged, of another device, held by another.
#include "calibrate/app/partial.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "models/base/error.hpp"
#include "tests/sim/app/command.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::app;
using orrery::app::test::Folder;
using orrery::base::Error;

namespace {

const Identity kIdentity{{"device", "Xeon"}, {"budget", "120"}, {"seed", "1"}};

RawRow row(const char* point, int round, int repeat, int repeats, double seconds) {
  RawRow made;
  made.kernel = "copy";
  made.point = point;
  made.variant = "v";
  made.features = "bytes=1024 threads=2";
  made.round = round;
  made.repeat = repeat;
  made.repeats = repeats;
  made.seconds = seconds;
  made.at_seconds = round + 0.125;
  return made;
}

const std::vector<RawRow> kVisit{row("a", 1, 1, 2, 0.1), row("a", 1, 2, 2, 1.0 / 3)};
const std::vector<RawRow> kOther{row("b", 1, 1, 2, 1e-7), row("b", 1, 2, 2, 2e-7)};

/// What opening it says, or nothing where it opens.
std::string opening_refusal(const Folder& folder, const Identity& identity,
                            const char* device = "x") {
  try {
    const Partial partial(folder.path(), device, identity, false);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("rows come back exactly, a skipped point too") {
  const Folder folder;
  RawRow skipped = row("c", 1, 0, 0, 0);
  skipped.seconds = std::numeric_limits<double>::quiet_NaN();
  skipped.note = "buffers of 9, or \"more\", do not fit";
  {
    Partial partial(folder.path(), "x", kIdentity, false);
    CHECK(partial.rows().empty());
    partial.append(kVisit);
    partial.append(std::vector{skipped});
  }
  const Partial again(folder.path(), "x", kIdentity, false);
  REQUIRE(again.rows().size() == 3);
  std::vector<RawRow> all = kVisit;
  all.push_back(skipped);
  CHECK(raw_lines(again.rows()) == raw_lines(all));
  CHECK(again.rows()[1].seconds == 1.0 / 3);
}

TEST_CASE("what was torn when the process ended is dropped: half a line, half a visit") {
  for (const std::string& torn :
       {std::string("copy,b,v,byt"), raw_lines(std::span(kOther).first(1)),
        raw_lines(std::span(kOther).first(1)) + "copy,b,"}) {
    const Folder folder;
    {
      Partial partial(folder.path(), "x", kIdentity, false);
      partial.append(kVisit);
    }
    std::ofstream(folder.path() + "/x.partial/rows.csv", std::ios::app) << torn;
    {
      Partial again(folder.path(), "x", kIdentity, false);
      CHECK(raw_lines(again.rows()) == raw_lines(kVisit));
      again.append(kOther);
    }
    CHECK(folder.read("x.partial/rows.csv") ==
          raw_header() + raw_lines(kVisit) + raw_lines(kOther));
  }
}

TEST_CASE("a measurement of another device, budget or program is refused and says which") {
  const Folder folder;
  { Partial(folder.path(), "x", kIdentity, false).append(kVisit); }
  Identity other = kIdentity;
  other[0].second = "Epyc";
  CHECK(opening_refusal(folder, other) ==
        folder.path() +
            "/x.partial/calibration.txt:2: device: the measurement was begun with "
            "'Xeon', this one has 'Epyc'; repeat its command to go on, or --force "
            "begins anew");
  other = kIdentity;
  other[2].second = "2";
  CHECK(opening_refusal(folder, other).find("seed: the measurement was begun with '1'") !=
        std::string::npos);
  CHECK(opening_refusal(folder, kIdentity).empty());
  // With force it begins anew, as the other.
  {
    const Partial anew(folder.path(), "x", other, true);
    CHECK(anew.rows().empty());
  }
  CHECK(opening_refusal(folder, other).empty());
}

TEST_CASE("rows that are none are refused with their line") {
  const Folder folder;
  { Partial(folder.path(), "x", kIdentity, false).append(kVisit); }
  const std::string good = folder.read("x.partial/rows.csv");
  std::string bad = good;
  bad.replace(bad.find(",0.1,"), 5, ",zero,");
  folder.write("x.partial/rows.csv", bad);
  CHECK(opening_refusal(folder, kIdentity).find("x.partial/rows.csv:2") != std::string::npos);
  folder.write("x.partial/rows.csv", good + "copy,b,v,,1,1,1,-3,2,\n");
  CHECK(opening_refusal(folder, kIdentity).find("rows.csv:4") != std::string::npos);
  folder.write("x.partial/rows.csv", "a,b\n1,2\n");
  CHECK(opening_refusal(folder, kIdentity).find("has other columns") != std::string::npos);
  folder.write("x.partial/calibration.txt", "something else\n");
  CHECK(opening_refusal(folder, kIdentity).find("--force begins anew") != std::string::npos);
}

TEST_CASE("two processes do not measure into one") {
  const Folder folder;
  const Partial first(folder.path(), "x", kIdentity, false);
  CHECK(opening_refusal(folder, kIdentity).find("is writing into it") != std::string::npos);
  CHECK(opening_refusal(folder, kIdentity, "y").empty());
}

TEST_CASE("once the profile is written nothing is left") {
  const Folder folder;
  Partial partial(folder.path(), "x", kIdentity, false);
  partial.append(kVisit);
  partial.remove();
  CHECK_FALSE(folder.has("x.partial"));
}

TEST_CASE("a place that cannot be written is said") {
  const Folder folder;
  folder.write("file", "");
  CHECK_THROWS_AS(Partial(folder.path() + "/file", "x", kIdentity, false), Error);
}
