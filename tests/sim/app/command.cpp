#include "tests/sim/app/command.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace orrery::app::test {

namespace fs = std::filesystem;

namespace {

std::string binary() {
  const char* path = std::getenv("ORRERY_BINARY");
  REQUIRE_MESSAGE(path != nullptr, "ORRERY_BINARY names the command under test");
  return path;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment, const std::string& folder) {
  const std::string out = folder + "/../" + fs::path(folder).filename().string() + ".out";
  const std::string err = folder + "/../" + fs::path(folder).filename().string() + ".err";
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  ::dup2(::open(out.c_str(), flags, 0666), STDOUT_FILENO);
  ::dup2(::open(err.c_str(), flags, 0666), STDERR_FILENO);
  for (const std::string& setting : environment) ::putenv(const_cast<char*>(setting.c_str()));
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), words.data());
  ::_exit(127);
}

}  // namespace

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "orrery-test-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  for (const char* const rest : {"", ".out", ".err"}) fs::remove_all(path_ + rest, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
  fs::create_directories(fs::path(path_ + "/" + name).parent_path());
  std::ofstream(path_ + "/" + name, std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const {
  REQUIRE_MESSAGE(has(name), name);
  return read_file(path_ + "/" + name);
}

bool Folder::has(const std::string& name) const {
  return fs::exists(path_ + "/" + name);
}

pid_t Folder::start(const std::vector<std::string>& arguments,
                    const std::vector<std::string>& environment) const {
  const std::string program = binary();
  const pid_t process = ::fork();
  REQUIRE(process >= 0);
  if (process == 0) become(program, arguments, environment, path_);
  return process;
}

Outcome Folder::finish(pid_t process) const {
  int status = 0;
  struct rusage usage {};
  REQUIRE(::wait4(process, &status, 0, &usage) == process);
  Outcome outcome;
  outcome.peak_megabytes = static_cast<std::size_t>(usage.ru_maxrss) / 1024;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = read_file(path_ + ".out");
  outcome.err = read_file(path_ + ".err");
  return outcome;
}

Outcome Folder::orrery(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment) const {
  return finish(start(arguments, environment));
}

std::string small_experiment() {
  return "name: small\n"
         "kind: training-cluster\n"
         "cluster:\n"
         "  nodes:\n"
         "    - {count: 1, gpu: v100-32g, gpus_per_node: 8}\n"
         "workload:\n"
         "  trace: {format: csv, path: jobs.csv}\n"
         "policy: {name: fifo, queue: blocking}\n"
         "restart_seconds: {1: 7, 8: 30, more: 60}\n"
         "seed: 1\n";
}

std::string small_trace() {
  return "job_id,submit_seconds,gpus,duration_seconds\n"
         "A,0,4,10\n"
         "B,0,8,10\n"
         "C,1,4,5\n";
}

void write_small_experiment(const Folder& folder) {
  folder.write("exp.yaml", small_experiment());
  folder.write("jobs.csv", small_trace());
}

std::vector<std::string> deterministic_files(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    const bool measured = name == "performance.json" || name == "comparison.json" ||
                          name == "report.html" || name.ends_with(".log");
    if (!entry.is_regular_file() || measured) continue;
    files.push_back(fs::relative(entry.path(), directory).string() + ": " +
                    read_file(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace orrery::app::test
