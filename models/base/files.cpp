#include "models/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/path_kind.hpp"
#include "models/base/write_limit.hpp"

namespace orrery::base {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_path(const std::string& path, const std::string& sentence, Fault fault) {
  throw Error({path, 0, 0, ""}, sentence, fault);
}

/// Writes and closes; leaves the file closed in any case.
void write_and_close(int file, const std::string& path, std::string_view content) {
  const bool written = write_all(file, content);
  const int reason = written ? 0 : errno;
  if (::close(file) == 0 && written) return;
  if (!written) errno = reason;
  refuse_path(path, std::string("cannot be written: ") + std::strerror(errno), Fault::run_failed);
}

void write_through(const std::string& path, std::string_view content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0)
    refuse_path(path, std::string("cannot be created: ") + std::strerror(errno), Fault::run_failed);
  write_and_close(file, path, content);
}

/// A name in the same folder that no other process and no other call uses.
std::string passing_name(const fs::path& path) {
  static std::atomic<unsigned> calls{0};
  const std::string name =
      std::string(kPassingPrefix) + std::to_string(::getpid()) + '-' + std::to_string(calls++);
  return (path.parent_path() / name).string();
}

/// An open file with the content that has no name yet, so that nothing stays of it after a kill;
/// -1 where the file system has no such files.
int nameless_file(const fs::path& path, const std::string& shown, std::string_view content,
                  mode_t mode) {
  const std::string folder = path.parent_path().empty() ? "." : path.parent_path().string();
  const int file = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (file < 0) return -1;
  if (mode != 0) ::fchmod(file, mode);
  if (write_all(file, content)) return file;
  const int reason = errno;
  ::close(file);
  refuse_path(shown, std::string("cannot be written: ") + std::strerror(reason), Fault::run_failed);
}

bool give_name(int file, const std::string& name) {
  const std::string source = "/proc/self/fd/" + std::to_string(file);
  return ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

/// Gives the file its own name where nothing has it, else one under which it stands until it takes
/// the place of what has it. Closes it.
enum class Named { finally, for_a_moment, not_at_all };
Named give_name(int file, const std::string& path, const std::string& passing) {
  Named named = Named::not_at_all;
  if (give_name(file, path))
    named = Named::finally;
  else if (give_name(file, passing))
    named = Named::for_a_moment;
  ::close(file);
  return named;
}

/// Replaces a regular file, or makes one.
void replace_file(const std::string& path, const std::string& shown, std::string_view content) {
  struct stat before {};
  const mode_t mode = ::stat(path.c_str(), &before) == 0 ? before.st_mode & 07777 : 0;
  const std::string passing = passing_name(path);
  const int nameless = nameless_file(path, shown, content, mode);
  const Named named = nameless < 0 ? Named::not_at_all : give_name(nameless, path, passing);
  if (named == Named::finally) return;
  if (named == Named::not_at_all) {
    const int file =
        ::open(passing.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file < 0)
      refuse_path(shown, std::string("cannot be created: ") + std::strerror(errno),
                  Fault::run_failed);
    if (mode != 0) ::fchmod(file, mode);
    try {
      write_and_close(file, shown, content);
    } catch (...) {
      ::unlink(passing.c_str());
      throw;
    }
  }
  if (std::rename(passing.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(passing.c_str());
    refuse_path(shown, std::string("cannot be written: ") + std::strerror(reason),
                Fault::run_failed);
  }
}

/// Names that lead to open files of processes are not files of a folder.
bool is_of_a_process(const std::string& path) {
  return path.starts_with("/proc/") || path.starts_with("/dev/");
}

}  // namespace

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(file, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

void write_file_atomically(const std::string& path, std::string_view content) {
  const PathKind kind = path_kind(path);
  if (kind != PathKind::link && kind != PathKind::other) return replace_file(path, path, content);
  std::error_code fault;
  const fs::path target = fs::canonical(path, fault);
  if (kind == PathKind::other || fault || !fs::is_regular_file(target, fault) ||
      is_of_a_process(fs::absolute(path, fault).string()))
    return write_through(path, content);
  replace_file(target.string(), path, content);
}

FileWriter::FileWriter(std::string path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wbe")) {
  if (!file_) {
    refuse_path(path_, std::string("cannot be created: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

void FileWriter::write(std::string_view text) {
  if (text.empty()) return;
  WriteLimit::count(path_, text.size());
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    refuse_path(path_, std::string("cannot be written: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

void FileWriter::close() {
  if (!file_) return;
  // What the library still buffers reaches the disk only here.
  if (std::fclose(file_.release()) != 0) {
    refuse_path(path_, std::string("cannot be written: ") + std::strerror(errno),
                Fault::run_failed);
  }
}

}  // namespace orrery::base
