// Children: how they end, how many at once, what they say, and being stopped.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "models/base/error.hpp"
#include "sim/experiment/process_pool.hpp"
#include "tests/sim/experiment/files.hpp"

using namespace orrery::experiment;
using orrery::experiment::test::Files;

namespace {

ProcessTask shell(const Files& files, const std::string& script, const std::string& log) {
  return {{"/bin/sh", "-c", script}, files.path() + "/" + log};
}

/// Runs tasks that are all known at once.
bool run_all(const std::vector<ProcessTask>& tasks, std::size_t at_once,
             const ProcessEvents& events) {
  std::size_t next = 0;
  return run_processes(
      [&]() -> std::optional<ProcessTask> {
        if (next == tasks.size()) return std::nullopt;
        return tasks[next++];
      },
      at_once, events);
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("exit codes, signals, output and logs reach whom they concern") {
  const Files files;
  const std::vector<ProcessTask> tasks{
      shell(files, "echo one; echo two; echo trouble >&2", "0.log"),
      shell(files, "exit 7", "1.log"), shell(files, "kill -9 $$", "2.log"),
      shell(files, "printf 'no line end'; exit 0", "3.log")};
  std::map<std::size_t, std::string> said;
  std::map<std::size_t, ExitStatus> ended;
  ProcessEvents events;
  events.said = [&](std::size_t task, const std::string& line) { said[task] += line + ";"; };
  events.ended = [&](std::size_t task, const ExitStatus& status) { ended[task] = status; };
  CHECK(run_all(tasks, 2, events));
  REQUIRE(ended.size() == 4);
  CHECK(ended[0].ok());
  CHECK(to_string(ended[1]) == "exit code 7");
  CHECK(to_string(ended[2]) == "killed by signal 9");
  CHECK(ended[3].ok());
  CHECK(said[0] == "one;two;");
  CHECK(content(files.path() + "/0.log") == "trouble\n");
  CHECK_FALSE(std::ifstream(files.path() + "/1.log").good());
}

TEST_CASE("a task is asked for when there is room for it, and reads what it is given") {
  const Files files;
  std::size_t asked = 0;
  std::size_t ended = 0;
  ProcessEvents events;
  events.ended = [&](std::size_t, const ExitStatus&) { ++ended; };
  const auto next = [&]() -> std::optional<ProcessTask> {
    CHECK(asked < ended + 2);
    if (++asked > 5) return std::nullopt;
    const std::string number = std::to_string(asked);
    ProcessTask task = shell(files, "cat >&2", number + ".log");
    task.input = "for " + number;
    return task;
  };
  CHECK(run_processes(next, 2, events));
  CHECK(ended == 5);
  CHECK(content(files.path() + "/3.log") == "for 3");
}

TEST_CASE("no more children at once than allowed, started in order") {
  const Files files;
  std::vector<ProcessTask> tasks;
  for (int i = 0; i < 7; ++i)
    tasks.push_back(shell(files, "sleep 0.05", std::to_string(i) + ".log"));
  std::size_t running = 0;
  std::size_t most = 0;
  std::vector<std::size_t> started;
  ProcessEvents events;
  events.started = [&](std::size_t task) {
    started.push_back(task);
    most = std::max(most, ++running);
  };
  events.ended = [&](std::size_t, const ExitStatus&) { --running; };
  CHECK(run_all(tasks, 3, events));
  CHECK(most == 3);
  CHECK(running == 0);
  CHECK(started == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("a pool that is stopped ends its children") {
  const Files files;
  const std::string mark = files.path() + "/ended";
  const std::vector<ProcessTask> tasks{
      shell(files,
            "trap 'touch " + mark + "; exit 130' TERM; echo up; while :; do sleep 0.01; done",
            "0.log"),
      shell(files, "touch " + files.path() + "/second", "1.log")};
  bool up = false;
  ProcessEvents events;
  events.said = [&](std::size_t, const std::string&) { up = true; };
  events.go_on = [&] { return !up; };
  CHECK_FALSE(run_all(tasks, 1, events));
  CHECK(std::ifstream(mark).good());
  CHECK_FALSE(std::ifstream(files.path() + "/second").good());
}

TEST_CASE("a program that is not there is an error") {
  const Files files;
  const std::vector<ProcessTask> tasks{{{"/nowhere/orrery"}, files.path() + "/0.log"}};
  CHECK_THROWS_AS(run_all(tasks, 1, {}), orrery::base::Error);
}
