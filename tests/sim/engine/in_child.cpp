#include "tests/sim/engine/in_child.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>

namespace orrery::engine::testing {

namespace {

std::string failures;  // of this child

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

[[noreturn]] void run_body(const std::function<void()>& body, int report) {
  // The parent reports a crash; doctest's own handlers would print it as one of theirs.
  for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGTERM, SIGINT}) {
    std::signal(number, SIG_DFL);
  }
  try {
    body();
  } catch (const std::exception& error) {
    failures += std::string("exception: ") + error.what() + "\n";
  }
  const char* next = failures.data();
  for (std::size_t left = failures.size(); left > 0;) {
    const ssize_t n = write(report, next, left);
    if (n <= 0) break;
    next += n;
    left -= static_cast<std::size_t>(n);
  }
  _exit(failures.empty() ? 0 : 1);
}

}  // namespace

std::string in_child(const std::function<void()>& body) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return "no child process";
  if (child == 0) {
    close(ends[0]);
    run_body(body, ends[1]);
  }
  close(ends[1]);
  std::string report = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) report += fmt::format("killed by signal {}\n", WTERMSIG(status));
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0 && report.empty()) {
    report = fmt::format("exit status {}\n", WEXITSTATUS(status));
  }
  return report;
}

void expect(bool holds, const std::string& what) {
  if (!holds) failures += "check failed: " + what + "\n";
}

void expect_near(double found, double wanted, double relative, const std::string& what) {
  expect(std::abs(found - wanted) <= relative * std::max(std::abs(wanted), 1e-300),
         fmt::format("{}: found {}, expected {}", what, found, wanted));
}

void expect_equal(double found, double wanted, const std::string& what) {
  expect(found == wanted, fmt::format("{}: found {}, expected {}", what, found, wanted));
}

}  // namespace orrery::engine::testing
