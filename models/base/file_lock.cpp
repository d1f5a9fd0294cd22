#include "models/base/file_lock.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

namespace orrery::base {

namespace {

constexpr std::size_t kLongestCommand = 200;

/// The words of a process's command, apart by blanks; empty where it is gone.
std::string command_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/cmdline", std::ios::binary);
  std::string words{std::istreambuf_iterator<char>(file), {}};
  while (!words.empty() && words.back() == '\0') words.pop_back();
  for (char& c : words)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  if (words.size() > kLongestCommand) {
    words.resize(kLongestCommand);
    words += "...";
  }
  return words;
}

}  // namespace

bool try_lock(int file) {
  for (;;) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EINTR) return errno != EWOULDBLOCK;
  }
}

std::string lock_holder(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return "another process";
  char wanted[64];
  std::snprintf(wanted, sizeof wanted, "%02x:%02x:%llu", major(status.st_dev), minor(status.st_dev),
                static_cast<unsigned long long>(status.st_ino));
  // 1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, mode, access, process, place;
    words >> number >> kind >> mode >> access >> process >> place;
    if (kind != "FLOCK" || place != wanted) continue;
    const std::string command = command_of(process);
    return "process " + process + (command.empty() ? "" : " (" + command + ")");
  }
  return "another process";
}

}  // namespace orrery::base
