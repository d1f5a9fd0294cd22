#include "sim/experiment/child_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "models/base/error.hpp"

namespace orrery::experiment {

ChildLog::ChildLog(std::string path) : path_(std::move(path)) {
  ::unlink(path_.c_str());
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  file_ = ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (file_ >= 0) return;
  named_ = true;
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0)
    throw base::Error({path_, 0, 0, ""}, std::string("cannot be created: ") + std::strerror(errno),
                      base::Fault::run_failed);
}

ChildLog::~ChildLog() {
  close();
}

ChildLog::ChildLog(ChildLog&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), named_(other.named_) {}

ChildLog& ChildLog::operator=(ChildLog&& other) noexcept {
  if (this == &other) return *this;
  close();
  path_ = std::move(other.path_);
  file_ = std::exchange(other.file_, -1);
  named_ = other.named_;
  return *this;
}

void ChildLog::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

void ChildLog::settle() {
  struct stat status {};
  const bool empty = ::fstat(file_, &status) == 0 && status.st_size == 0;
  const std::string source = "/proc/self/fd/" + std::to_string(file_);
  if (empty && named_) ::unlink(path_.c_str());
  if (!empty && !named_)
    ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW);
  close();
}

}  // namespace orrery::experiment
