// Streams that are closed, full or no files: a sentence and an exit code, never an abort.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/sim/app/command.hpp"

using orrery::app::test::Folder;
using orrery::app::test::write_small_experiment;

namespace {

/// How a line of the shell ends in the folder; `orrery` stands for the program.
int shell(const Folder& folder, const std::string& line) {
  const char* program = std::getenv("ORRERY_BINARY");
  REQUIRE(program != nullptr);
  const std::string command = "cd '" + folder.path() + "' && orrery() { '" + std::string(program) +
                              "' \"$@\"; } && " + line;
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("standard error that is closed or full changes neither results nor exit codes") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(shell(folder, "orrery run nowhere.yaml --out a 2>&-") == 2);
  CHECK(shell(folder, "orrery run nowhere.yaml --out a 2>/dev/full") == 2);
  CHECK(shell(folder, "orrery compare exp.yaml --out b --policies fifo,sjf 2>/dev/full >out") == 0);
  CHECK(shell(folder, "orrery compare exp.yaml --out c --policies fifo,sjf 2>&- >out") == 0);
  // Nothing was written into a file that took the place of the stream.
  CHECK(folder.read("b/fifo/1/jobs.csv") == folder.read("c/fifo/1/jobs.csv"));
  CHECK(folder.read("c/experiment.yaml") == folder.read("b/experiment.yaml"));
}

TEST_CASE("standard output that is closed or full is said, whatever is printed") {
  const Folder folder;
  write_small_experiment(folder);
  for (const char* const words :
       {"--version", "--help", "list gpus", "schema --json", "run exp.yaml --out r --force"}) {
    CAPTURE(words);
    for (const char* const stream : {"/dev/full", "&-"}) {
      CHECK(shell(folder, "orrery " + std::string(words) + " >" + stream + " 2>err") == 1);
      CHECK(folder.read("err") == "error: standard output cannot be written\n");
    }
  }
}

TEST_CASE("a named pipe without a writer is empty, one with a writer is read") {
  const Folder folder;
  write_small_experiment(folder);
  REQUIRE(::mkfifo((folder.path() + "/pipe").c_str(), 0600) == 0);
  CHECK(shell(folder, "orrery validate pipe 2>/dev/null") == 2);
  CHECK(shell(folder, "orrery trace info pipe 2>/dev/null") == 2);
  CHECK(shell(folder, "(cat exp.yaml >pipe &) && orrery validate pipe >/dev/null") == 0);
}

TEST_CASE("a file larger than the shell allows is an error of the run") {
  const Folder folder;
  write_small_experiment(folder);
  CHECK(shell(folder, "ulimit -f 1; orrery run exp.yaml --out r 2>err") == 1);
  CHECK(folder.read("err").find("cannot be written: File too large") != std::string::npos);
  CHECK_FALSE(folder.has("r"));
}

TEST_CASE("control characters of files do not reach the terminal") {
  const Folder folder;
  write_small_experiment(folder);
  folder.write("jobs.csv",
               "job_id,submit_seconds,gpus,duration_seconds\n\x1b[31mred\x1b[0m,0,x,10\n");
  const auto outcome = folder.orrery({"run", "exp.yaml", "--out", "r"});
  CHECK(outcome.code == 2);
  CHECK(outcome.err.find('\x1b') == std::string::npos);
}

TEST_CASE("files laid over each other too deep, and seeds that are none, are refused") {
  const Folder folder;
  write_small_experiment(folder);
  for (int i = 0; i < 200; ++i)
    folder.write("x" + std::to_string(i) + ".yaml",
                 "extends: x" + std::to_string(i + 1) + ".yaml\n");
  folder.write("x200.yaml", "name: a\n");
  CHECK(folder.orrery({"validate", "x0.yaml"}).err.find("through more than 100 files") !=
        std::string::npos);
  for (const char* const seed : {"-1", "010", "1e3", "9223372036854775808"})
    CHECK(folder.orrery({"compare", "exp.yaml", "--out", "c", "--seeds", seed})
              .err.find(std::string("'") + seed + "' is not a seed") != std::string::npos);
}
