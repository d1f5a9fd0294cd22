#include "sim/experiment/process_pool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "sim/experiment/child_log.hpp"

extern char** environ;

namespace orrery::experiment {

namespace {

using base::Error;
using base::Fault;
using Clock = std::chrono::steady_clock;

constexpr int kPollMilliseconds = 200;
constexpr auto kPatience = std::chrono::seconds(10);

struct Child {
  std::size_t task = 0;
  pid_t process = 0;
  int pipe = -1;
  ChildLog log;
  std::string unfinished_line = {};
};

[[noreturn]] void fail(const std::string& place, const char* what, int reason) {
  throw Error({place, 0, 0, ""}, std::string(what) + ": " + std::strerror(reason),
              Fault::run_failed);
}

/// A file in memory that holds the text, at its beginning; the caller closes it.
int memory_file(const std::string& text) {
  const int file = ::memfd_create("orrery input", MFD_CLOEXEC);
  if (file < 0) fail("", "cannot make a file in memory", errno);
  if (!base::write_all(file, text)) {
    const int reason = errno;
    ::close(file);
    fail("", "cannot write a file in memory", reason);
  }
  ::lseek(file, 0, SEEK_SET);
  return file;
}

/// File actions of a child: `input` (-1: nothing), output into the pipe, errors into the log.
class Streams {
 public:
  Streams(int log, int input, int pipe) {
    posix_spawn_file_actions_init(&actions_);
    if (input >= 0)
      posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, pipe, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, log, STDERR_FILENO);
  }
  ~Streams() { posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

Child spawn(std::size_t index, const ProcessTask& task) {
  ChildLog log(task.log_path);
  const int input = task.input.empty() ? -1 : memory_file(task.input);
  int ends[2];
  // Close-on-exec: no other child may hold this pipe open.
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    const int reason = errno;
    if (input >= 0) ::close(input);
    fail(task.command[0], "cannot make a pipe", reason);
  }
  std::vector<char*> arguments;
  for (const std::string& word : task.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const Streams streams(log.descriptor(), input, ends[1]);
  Child child{index, 0, ends[0], std::move(log)};
  const int fault = ::posix_spawn(&child.process, arguments[0], streams.get(), nullptr,
                                  arguments.data(), environ);
  ::close(ends[1]);
  if (input >= 0) ::close(input);
  if (fault != 0) {
    ::close(ends[0]);
    fail(task.log_path, "the process of this log cannot be started", fault);
  }
  return child;
}

ExitStatus wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) fail("", "a child process is lost", errno);
  }
  if (WIFSIGNALED(status)) return {true, WTERMSIG(status)};
  return {false, WEXITSTATUS(status)};
}

/// Reads what is there; false at the end of the stream.
bool listen(Child& child, const ProcessEvents& events) {
  char buffer[4096];
  const ssize_t got = ::read(child.pipe, buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  child.unfinished_line.append(buffer, static_cast<std::size_t>(got));
  std::size_t end = 0;
  while ((end = child.unfinished_line.find('\n')) != std::string::npos) {
    if (events.said) events.said(child.task, child.unfinished_line.substr(0, end));
    child.unfinished_line.erase(0, end + 1);
  }
  return true;
}

class Pool {
 public:
  Pool(const NextTask& next, std::size_t at_once, const ProcessEvents& events)
      : next_(next), at_once_(std::max<std::size_t>(1, at_once)), events_(events) {}
  ~Pool() { end_children(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool run() {
    for (;;) {
      if (events_.go_on && !events_.go_on()) return false;
      while (more_ && children_.size() < at_once_) start_next();
      if (children_.empty()) return true;
      collect();
    }
  }

 private:
  void start_next() {
    const std::optional<ProcessTask> task = next_();
    more_ = task.has_value();
    if (!more_) return;
    const std::size_t index = given_++;
    children_.push_back(spawn(index, *task));
    if (events_.started) events_.started(index);
  }

  /// Waits a moment for output; a stream that ended means a process that ends.
  void collect() {
    std::vector<pollfd> polled;
    for (const Child& child : children_) polled.push_back({child.pipe, POLLIN, 0});
    if (::poll(polled.data(), polled.size(), kPollMilliseconds) <= 0) return;
    std::vector<Child> alive;
    std::vector<Child> over;
    for (std::size_t i = 0; i < children_.size(); ++i) {
      const bool ended = polled[i].revents != 0 && !listen(children_[i], events_);
      (ended ? over : alive).push_back(std::move(children_[i]));
    }
    children_ = std::move(alive);
    for (Child& child : over) {
      ::close(child.pipe);
      const ExitStatus status = wait_for(child.process);
      child.log.settle();
      if (events_.ended) events_.ended(child.task, status);
    }
  }

  void end_children() {
    for (const Child& child : children_) ::kill(child.process, SIGTERM);
    const auto deadline = Clock::now() + kPatience;
    while (!children_.empty()) {
      std::erase_if(children_, [](const Child& child) {
        if (::waitpid(child.process, nullptr, WNOHANG) == 0) return false;
        ::close(child.pipe);
        return true;
      });
      if (children_.empty()) return;
      if (Clock::now() > deadline)
        for (const Child& child : children_) ::kill(child.process, SIGKILL);
      ::poll(nullptr, 0, 20);
    }
  }

  const NextTask& next_;
  std::size_t at_once_;
  const ProcessEvents& events_;
  bool more_ = true;
  std::size_t given_ = 0;
  std::vector<Child> children_;
};

}  // namespace

std::string to_string(const ExitStatus& status) {
  return (status.by_signal ? "killed by signal " : "exit code ") + std::to_string(status.code);
}

bool run_processes(const NextTask& next, std::size_t at_once, const ProcessEvents& events) {
  return Pool(next, at_once, events).run();
}

}  // namespace orrery::experiment
