// The command line of orrery-calibrate: what it answers, and bad input.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/calibrate/app/calibrate_command.hpp"

using namespace orrery::calibrate::app::test;

TEST_CASE("bad input is one clear sentence and exit 2") {
  struct Case {
    std::vector<std::string> words;
    const char* sentence;
  };
  const std::vector<Case> cases{
      {{"--kernel", "gem"}, "there is no kernel 'gem'"},
      {{"--backend", "tpu"}, "--backend: tpu not in {cpu,cuda}"},
      {{"--budget", "0"}, "'0' is not a number of seconds from 1 to 604800"},
      {{"--budget", "-5"}, "'-5' is not a number of seconds from 1 to 604800"},
      {{"--budget", "soon"}, "'soon' is not a number of seconds"},
      {{"--budget", "1e9"}, "'1e9' is not a number of seconds from 1 to 604800"},
      {{"--budget", "nan"}, "'nan' is not a number of seconds"},
      {{"--device", "../x"}, "'../x' is not a name of a device"},
      {{"--device", "A40"}, "expected lower-case letters, digits, . and -"},
      {{"--threads", "0"}, "--threads: Value 0"},
      {{"--threads", "100000"}, "--threads: Value 100000"},
      {{"--seed", "-1"}, "'-1' is not a whole number"},
      {{"--seed", "--force"}, "--seed"},
      {{"--bugdet", "3"}, "--bugdet"},
      {{"profile.yaml"}, "profile.yaml"},
      {{"--out", "file/p"}, "file/p"},
      {{"--out", "/proc/nowhere"}, "cannot be made"},
  };
  const Bench bench(ORRERY_CALIBRATE);
  bench.write("file", "");
  for (const Case& bad : cases) {
    // Where a case were accepted, it should end soon.
    std::vector<std::string> words = bad.words;
    for (const char* word : {"--kernel", "transfer"})
      if (bad.words.front() != "--kernel") words.emplace_back(word);
    for (const char* word : {"--budget", "1"})
      if (bad.words.front() != "--budget") words.emplace_back(word);
    const Outcome outcome = bench.calibrate(words);
    CAPTURE(bad.words.front());
    CHECK_MESSAGE(outcome.code == 2, bad.sentence << ": " << outcome.err);
    CHECK(outcome.err.starts_with("error: "));
    CHECK_MESSAGE(holds(outcome.err, bad.sentence), outcome.err);
    CHECK(lines(outcome.err) == 1);
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("help, version and list answer; a GPU that is absent is said with exit 1") {
  const Bench bench(ORRERY_CALIBRATE);
  const Outcome help = bench.calibrate({"--help"});
  CHECK(help.code == 0);
  CHECK(holds(help.out, "--budget SECONDS"));
  CHECK(holds(help.out, "130 interrupted"));
  CHECK(bench.calibrate({"--version"}).out.starts_with("orrery-calibrate "));
  const Outcome list = bench.calibrate({"--list"});
  CHECK(list.code == 0);
  for (const char* kernel : {"memory       cpu", "transfer     cpu"})
    CHECK(holds(list.out, kernel));
  const Outcome gpu = bench.calibrate({"--backend", "cuda", "--out", "p", "--budget", "2"});
  if (gpu.code == 0) {
    MESSAGE("a GPU is here");
    return;
  }
  CHECK(gpu.code == 1);
  CHECK(holds(gpu.err, "nothing can be measured on cuda: "));
  CHECK_FALSE(bench.has("p"));
}
