#include "models/base/result_mark.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/file_lock.hpp"
#include "models/base/files.hpp"
#include "models/base/path_kind.hpp"

namespace orrery::base {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTitle = "files of orrery, written by it and replaced by it\n";

[[noreturn]] void fail(const std::string& path, const std::string& sentence) {
  throw Error({path, 0, 0, ""}, sentence);
}
[[noreturn]] void fail_now(const std::string& path, const std::string& what) {
  throw Error({path, 0, 0, ""}, what + ": " + std::strerror(errno), Fault::run_failed);
}

std::string describe(const std::string& name, PathKind kind) {
  if (kind == PathKind::link) return "the link " + name;
  if (kind == PathKind::folder) return "the folder " + name;
  return name;
}

std::vector<fs::directory_entry> entries_of(const std::string& folder) {
  std::error_code fault;
  std::vector<fs::directory_entry> entries;
  fs::directory_iterator at(folder, fault);
  for (; !fault && at != fs::directory_iterator(); at.increment(fault)) entries.push_back(*at);
  if (fault) fail(folder, "cannot be read: " + fault.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_now(path, "cannot be removed");
}

}  // namespace

bool has_mark(const std::string& directory) {
  return path_kind(directory + '/' + ResultMark::kName) == PathKind::file;
}

std::vector<std::string> missing_results(const std::string& directory) {
  std::vector<std::string> missing;
  if (!has_mark(directory)) return missing;
  std::ifstream mark(directory + '/' + ResultMark::kName);
  std::string name;
  std::getline(mark, name);  // the title
  while (std::getline(mark, name))
    if (path_kind((fs::path(directory) / name).string()) == PathKind::nothing)
      missing.push_back(name);
  if (mark.bad()) fail(directory + '/' + ResultMark::kName, "cannot be read");
  return missing;
}

void check_outside_results(const std::string& directory, const Where& named) {
  std::error_code fault;
  fs::path at = fs::weakly_canonical(fs::absolute(directory, fault), fault);
  for (; !fault && !at.empty(); at = at.parent_path()) {
    if (has_mark(at.string()))
      throw Error(named, "lies in results of 'run' or 'compare' (" + at.string() +
                             "), which hold nothing else; name a place elsewhere");
    if (at == at.parent_path()) break;
  }
}

ResultMark::ResultMark(std::string directory) : directory_(std::move(directory)) {
  try {
    open();
    read();
  } catch (...) {
    release();
    throw;
  }
}

ResultMark::ResultMark(ResultMark&& other) noexcept
    : directory_(std::move(other.directory_)),
      listed_(std::move(other.listed_)),
      file_(std::exchange(other.file_, -1)) {}

ResultMark::~ResultMark() {
  release();
}

void ResultMark::release() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void ResultMark::open() {
  for (;;) {
    const bool fresh = !has_mark(directory_);
    if (fresh) {
      const auto entries = entries_of(directory_);
      if (!entries.empty() && has_mark(directory_)) continue;  // made meanwhile
      if (!entries.empty())
        fail(directory_, "holds " + entries.front().path().filename().string() +
                             ", and no list of what this program wrote there (" + kName +
                             "), so nothing in it is replaced; name a new directory");
    }
    release();
    file_ = ::open(path().c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_CREAT, 0666);
    if (file_ < 0) fail(path(), std::string("cannot be written: ") + std::strerror(errno));
    if (!try_lock(file_)) fail(directory_, lock_holder(file_) + " is writing into it");
    // The one before may have removed or renamed the directory while this one waited.
    struct stat held {
    }, named{};
    if (::fstat(file_, &held) == 0 && ::lstat(path().c_str(), &named) == 0 &&
        held.st_ino == named.st_ino && held.st_dev == named.st_dev)
      return;
    if (path_kind(directory_) != PathKind::folder)
      fail(directory_, "was removed by another process meanwhile");
  }
}

void ResultMark::read() {
  std::string text;
  char block[1 << 16];
  ::lseek(file_, 0, SEEK_SET);
  for (ssize_t got = 0; (got = ::read(file_, block, sizeof block)) != 0;) {
    if (got < 0 && errno != EINTR) fail_now(path(), "cannot be read");
    if (got > 0) text.append(block, static_cast<std::size_t>(got));
  }
  // A process that was killed may have left the mark without its title.
  if (kTitle.starts_with(text)) {
    for (const fs::directory_entry& entry : entries_of(directory_))
      if (entry.path().filename() != kName)
        fail(path(), "is empty though the directory is not; expected the list of its files");
    if (::ftruncate(file_, 0) != 0 || !write_all(file_, kTitle))
      fail_now(path(), "cannot be written");
    return;
  }
  if (!text.starts_with(kTitle))
    fail(path(), "is not a list of this program's; remove the directory yourself");
  std::size_t begin = kTitle.size();
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string name = text.substr(begin, end - begin);
    const fs::path plain(name);
    bool inside = !name.empty() && plain.is_relative();
    for (const fs::path& part : plain) inside = inside && part != "..";
    if (!inside) fail(path(), "lists '" + name + "', expected names inside the directory");
    listed_.insert(name);
  }
}

bool ResultMark::lists(std::string_view name) const {
  return listed_.contains(name);
}

void ResultMark::add(std::string_view name) {
  if (lists(name)) return;
  const off_t before = ::lseek(file_, 0, SEEK_END);
  if (!write_all(file_, std::string(name) + '\n')) {
    const int reason = errno;
    // Half a name would become one with the next.
    const bool taken_back = ::ftruncate(file_, before) == 0;
    errno = reason;
    fail_now(path(), taken_back ? "cannot be written" : "is damaged and cannot be written");
  }
  listed_.emplace(name);
}

std::string ResultMark::stranger() const {
  std::vector<std::string> folders{""};
  while (!folders.empty()) {
    const std::string prefix = folders.back();
    folders.pop_back();
    for (const fs::directory_entry& entry : entries_of(directory_ + '/' + prefix)) {
      const std::string name = prefix + entry.path().filename().string();
      const std::string last = entry.path().filename().string();
      const PathKind kind = path_kind(entry.path().string());
      const bool file = kind == PathKind::file;
      if (file && (name == kName || last.starts_with(kPassingPrefix) || lists(name))) continue;
      std::string folder = name;
      folder += '/';
      if (kind != PathKind::folder || !lists(folder)) return describe(name, kind);
      if (!has_mark(entry.path().string())) {
        folders.push_back(std::move(folder));
        continue;
      }
      const std::string below = ResultMark(entry.path().string()).stranger();
      if (!below.empty()) return folder.append(below);
    }
  }
  return "";
}

void ResultMark::remove_listed() {
  for (const fs::directory_entry& entry : entries_of(directory_))
    if (entry.path().filename().string().starts_with(kPassingPrefix))
      remove_file(entry.path().string());
  // Backwards: what is in a folder goes before the folder.
  for (auto name = listed_.rbegin(); name != listed_.rend(); ++name) {
    const std::string at = directory_ + '/' + *name;
    const bool folder = name->ends_with('/');
    const PathKind kind = path_kind(folder ? at.substr(0, at.size() - 1) : at);
    if (!folder) {
      if (kind == PathKind::file) remove_file(at);
    } else if (kind == PathKind::folder) {
      const std::string plain = at.substr(0, at.size() - 1);
      if (has_mark(plain))
        ResultMark(plain).remove_directory();
      else if (::rmdir(plain.c_str()) != 0 && errno != ENOENT && errno != ENOTEMPTY)
        fail_now(plain, "cannot be removed");
    }
  }
  listed_.clear();
  if (::ftruncate(file_, static_cast<off_t>(kTitle.size())) != 0)
    fail_now(path(), "cannot be written");
}

void ResultMark::remove_directory() {
  remove_listed();
  remove_file(path());
  if (::rmdir(directory_.c_str()) != 0 && errno != ENOENT) {
    const int reason = errno;
    release();
    errno = reason;
    fail_now(directory_, "cannot be removed");
  }
  release();
}

void ResultMark::settle() {
  std::string text(kTitle);
  for (auto name = listed_.begin(); name != listed_.end();) {
    const bool folder = name->ends_with('/');
    const std::string at = directory_ + '/' + (folder ? name->substr(0, name->size() - 1) : *name);
    if (path_kind(at) == (folder ? PathKind::folder : PathKind::file)) {
      text += *name + '\n';
      ++name;
    } else {
      name = listed_.erase(name);
    }
  }
  const std::string passing = directory_ + '/' + std::string(kPassingPrefix) + "mark";
  const int file =
      ::open(passing.c_str(), O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) fail_now(passing, "cannot be written");
  // Locked before it has its name: nobody finds the mark unlocked.
  if (!try_lock(file) || !write_all(file, text) || ::rename(passing.c_str(), path().c_str()) != 0) {
    const int reason = errno;
    ::close(file);
    ::unlink(passing.c_str());
    errno = reason;
    fail_now(path(), "cannot be written");
  }
  release();
  file_ = file;
}

}  // namespace orrery::base
