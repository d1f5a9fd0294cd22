// Whole calibrations with fake kernels: the profile, Ctrl-C, going on, devices that fail.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "models/profile/profile_difference.hpp"
#include "models/profile/profile_file.hpp"
#include "tests/calibrate/app/calibrate_command.hpp"

using namespace orrery::calibrate::app::test;

namespace {

std::vector<std::string> with(std::vector<std::string> words, const std::string& more) {
  words.push_back(more);
  return words;
}

std::vector<std::string> of(const char* kernel) {
  return {"--kernel", kernel, "--budget", "2", "--out", "p", "--device", "here"};
}

const std::vector<std::string> kShort = of("steady");

/// The lines of a CSV without their last two columns: a mark may be added at the end of a session.
std::string without_marks(const std::string& csv) {
  std::string text;
  for (std::size_t begin = 0; begin < csv.size();) {
    const std::size_t end = csv.find('\n', begin);
    const std::string line = csv.substr(begin, end - begin);
    text += line.substr(0, line.rfind(',', line.rfind(',') - 1)) + "\n";
    begin = end + 1;
  }
  return text;
}

}  // namespace

TEST_CASE("a calibration writes a profile that reads back, says its errors, and is not replaced") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const Outcome outcome = bench.calibrate(kShort);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(outcome.err.empty());
  CHECK(holds(outcome.out, "here: "));
  CHECK(holds(outcome.out, "held-out error"));
  CHECK(holds(outcome.out, "move"));
  CHECK(holds(outcome.out, "profile p/here.yaml\n"));
  CHECK_FALSE(bench.has("p/here.partial"));
  const auto file = orrery::models::read_profile(bench.path() + "/p/here.yaml");
  const auto* cost = file.profile.find("steady", "move");
  REQUIRE(cost != nullptr);
  CHECK(*orrery::models::find_number(cost->coefficients, "byte_seconds") ==
        doctest::Approx(1.005e-9).epsilon(0.01));
  CHECK(cost->repeats.has_value());
  CHECK(cost->held_out_of_medians.has_value());
  CHECK(cost->neighbours.has_value());
  CHECK(*cost->repeats_measured == file.profile.raw.rows);
  CHECK(holds(outcome.out, "neighbours add"));
  CHECK(holds(outcome.out, " of them set aside as disturbed\n"));
  CHECK(file.profile.provenance.command ==
        "orrery-calibrate --kernel steady --budget 2 --out p --device here");
  CHECK(file.profile.raw.rows + 1 == lines(bench.read("p/here.csv")));

  const Outcome second = bench.calibrate(kShort);
  CHECK(second.code == 2);
  CHECK(second.err ==
        "error: p/here.yaml: is there already; --force measures anew and replaces it\n");
  const std::string before = bench.read("p/here.yaml");
  CHECK(bench.calibrate(with(kShort, "--force")).code == 0);
  CHECK(bench.read("p/here.yaml") != before);
}

TEST_CASE("Ctrl-C keeps what was measured, no profile, and the same command goes on from there") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Bench bench(ORRERY_CALIBRATE_FAKE);
    const pid_t process = bench.start(kShort);
    const std::string rows = bench.path() + "/p/here.partial/rows.csv";
    for (int tries = 0; tries < 3000; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      std::ifstream file(rows);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      if (lines(text) > 40) break;
    }
    ::kill(process, signal);
    const Outcome stopped = bench.finish(process);
    CHECK(stopped.code == 130);
    CHECK(
        stopped.err ==
        "error: interrupted; what was measured is in p/here.partial, and the same command goes on "
        "from there\n");
    CHECK(stopped.out.empty());
    CHECK_FALSE(bench.has("p/here.yaml"));
    CHECK_FALSE(bench.has("p/here.csv"));
    const std::string kept = bench.read("p/here.partial/rows.csv");
    CHECK(lines(kept) > 40);

    const Outcome other = bench.calibrate(
        {"--kernel", "steady", "--budget", "2", "--out", "p", "--device", "here", "--seed", "2"});
    CHECK(other.code == 2);
    CHECK(holds(other.err, "seed: the measurement was begun with '1', this one has '2'"));

    const Outcome on = bench.calibrate(kShort);
    REQUIRE_MESSAGE(on.code == 0, on.err);
    CHECK(without_marks(bench.read("p/here.csv")).starts_with(without_marks(kept)));
    CHECK_FALSE(bench.has("p/here.partial"));
  }
}

TEST_CASE("a process that is killed leaves nothing that could be taken for a profile") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const pid_t process = bench.start(kShort);
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  ::kill(process, SIGKILL);
  CHECK(bench.finish(process).code == 128 + SIGKILL);
  CHECK_FALSE(bench.has("p/here.yaml"));
  CHECK(bench.calibrate(kShort).code == 0);
}

TEST_CASE("a device that is lost ends it with one sentence and no profile") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const Outcome outcome = bench.calibrate(of("lost"));
  CHECK(outcome.code == 1);
  CHECK(outcome.err ==
        "error: device: running p7: the GPU failed or is gone (unspecified launch failure)\n");
  CHECK_FALSE(bench.has("p/here.yaml"));
  CHECK(bench.has("p/here.partial/rows.csv"));
}

TEST_CASE("a kernel that computes something else is not timed") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const Outcome outcome = bench.calibrate(of("wrong"));
  CHECK(outcome.code == 1);
  CHECK(outcome.err == "error: p3 differs from the reference; nothing is timed\n");
  CHECK_FALSE(bench.has("p/here.yaml"));
}

TEST_CASE("points that do not fit into memory are skipped and said") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const Outcome outcome = bench.calibrate(of("large"));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(holds(outcome.out,
              "large: 10 of 12 points measured, 2 skipped (p10 wants more memory than is free)\n"));
  CHECK(holds(bench.read("p/here.csv"), "large,p10,move,bytes=1048576,1,0,0,,"));
}

TEST_CASE("a profile is fitted anew to its own measurements, also to those of earlier versions") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  REQUIRE(bench.calibrate(kShort).code == 0);
  const Outcome again = bench.calibrate({"--refit", "p/here.yaml", "--out", "q"});
  REQUIRE_MESSAGE(again.code == 0, again.err);
  CHECK(bench.read("q/here.csv") == bench.read("p/here.csv"));
  const auto read = [&](const std::string& path) {
    return orrery::models::read_profile(bench.path() + "/" + path);
  };
  const auto differences =
      orrery::models::profile_differences(read("p/here.yaml").profile, read("q/here.yaml").profile);
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].key == "provenance.libraries.fitted anew by orrery");
  // As earlier versions wrote them: without the last two columns, and no marks to go by.
  auto old = read("p/here.yaml").profile;
  old.device = "old";
  orrery::models::write_profile(old, without_marks(bench.read("p/here.csv")), bench.path() + "/p");
  const Outcome earlier = bench.calibrate({"--refit", "p/old.yaml", "--out", "q"});
  REQUIRE_MESSAGE(earlier.code == 0, earlier.err);
  CHECK(*read("q/old.yaml").profile.find("steady", "move")->repeats_set_aside == 0);
}

TEST_CASE("a refit names what is wrong") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  REQUIRE(bench.calibrate(kShort).code == 0);
  const Outcome none = bench.calibrate({"--refit", "p/none.yaml"});
  CHECK(none.code == 2);
  CHECK(holds(none.err, "p/none.yaml"));
  auto other = orrery::models::read_profile(bench.path() + "/p/here.yaml").profile;
  other.device = "other";
  other.device_name = "Another processor";
  orrery::models::write_profile(other, bench.read("p/here.csv"), bench.path() + "/p");
  const Outcome elsewhere = bench.calibrate({"--refit", "p/other.yaml", "--out", "q"});
  CHECK(elsewhere.code == 2);
  CHECK(holds(elsewhere.err, "device_name: measured on another device: found 'Another processor'"));
  CHECK_FALSE(bench.has("q"));
}

TEST_CASE("a noisy machine is said to be one") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  const Outcome outcome = bench.calibrate(of("noisy"));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(holds(outcome.out, "warning: the machine was noisy: repeats of noisy move spread by "));
}

TEST_CASE("several kernels stand in one profile, and a disk that is full is said") {
  const Bench bench(ORRERY_CALIBRATE_FAKE);
  std::vector<std::string> words = of("steady");
  words.insert(words.end(), {"--kernel", "noisy"});
  REQUIRE(bench.calibrate(words).code == 0);
  const auto file = orrery::models::read_profile(bench.path() + "/p/here.yaml");
  CHECK(file.profile.find("steady", "move") != nullptr);
  CHECK(file.profile.find("noisy", "move") != nullptr);
  const Outcome full =
      bench.calibrate({"--kernel", "steady", "--budget", "1", "--out", "/dev/full"});
  CHECK(full.code == 2);
  CHECK(holds(full.err, "/dev/full"));
}
